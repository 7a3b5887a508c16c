import { describe, expect, it } from "vitest";
import { momentOfStep, xEnd, xOf, xPhrase, xText, xTicks } from "../../../src/app/run/moment.ts";

describe("the x axis", () => {
  it("reads a moment as a step or as one of two times", () => {
    const moment = { step: 7, wallMs: 3000, trainingMs: 2000 };
    expect([xOf(moment, "step"), xOf(moment, "wall"), xOf(moment, "training")]).toEqual([7, 3000, 2000]);
  });

  it("ends at a round value beyond the last event, and never beyond the planned last step", () => {
    expect(xEnd(3, "step", 837)).toBe(20);
    expect(xEnd(420, "step", 837)).toBe(800);
    expect(xEnd(830, "step", 837)).toBe(837);
    expect(xEnd(61_000, "wall", 837)).toBe(80_000);
  });

  it("always holds the last event, at any length", () => {
    for (let step = 1; step <= 20_000; step += 7) expect(xEnd(step, "step", 20_000)).toBeGreaterThanOrEqual(step);
  });

  it("moves rarely while a run grows", () => {
    const ends = new Set(Array.from({ length: 20_000 }, (_, index) => xEnd(index + 1, "step", 20_000)));
    expect(ends.size).toBeLessThan(15);
  });

  it("is marked at round steps and at round times", () => {
    expect(xTicks(837, "step")).toEqual([0, 200, 400, 600, 800]);
    expect(xTicks(80_000, "wall")).toEqual([0, 15_000, 30_000, 45_000, 60_000, 75_000]);
  });

  it("writes steps with separators and times as a clock", () => {
    expect(xText(20_000, "step")).toBe("20,000");
    expect(xText(3_725_000, "wall")).toBe("1:02:05");
    expect(xPhrase(125_000, "training")).toBe("2:05 of training time");
  });
});

describe("momentOfStep", () => {
  it("finds a step in a list that begins anywhere", () => {
    const moments = [5, 6, 7].map((step) => ({ step, wallMs: step, trainingMs: step }));
    expect(momentOfStep(moments, 6)?.wallMs).toBe(6);
    expect(momentOfStep(moments, 4)).toBeUndefined();
    expect(momentOfStep(moments, 8)).toBeUndefined();
    expect(momentOfStep([], 1)).toBeUndefined();
  });
});
