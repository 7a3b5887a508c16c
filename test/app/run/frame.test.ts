import { describe, expect, it } from "vitest";
import { sameFrame, type Frame } from "../../../src/app/run/frame.ts";

const frame: Frame = { kind: "step", end: 20, ticks: [0, 5, 10, 15, 20], epochs: [10], best: null };

describe("sameFrame", () => {
  it("is true of equal frames and false as soon as anything that is drawn has moved", () => {
    expect(sameFrame(frame, structuredClone(frame))).toBe(true);
    expect(sameFrame(frame, { ...frame, kind: "wall" })).toBe(false);
    expect(sameFrame(frame, { ...frame, end: 40 })).toBe(false);
    expect(sameFrame(frame, { ...frame, epochs: [10, 20] })).toBe(false);
    expect(sameFrame(frame, { ...frame, epochs: [11] })).toBe(false);
    expect(sameFrame(frame, { ...frame, best: 10 })).toBe(false);
  });
});
