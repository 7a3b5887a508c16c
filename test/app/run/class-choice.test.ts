import { describe, expect, it } from "vitest";
import { firstShown, worstFirst } from "../../../src/app/run/class-choice.ts";
import { scoresOf } from "../../../src/metrics/report-of.ts";
import { evaluation } from "./events.ts";

describe("firstShown", () => {
  it("shows up to eight classes, and of more the four largest in class order", () => {
    expect(firstShown([1, 1, 1, 1, 1, 1, 1, 1])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(firstShown([1, 9, 1, 7, 1, 1, 8, 1, 6])).toEqual([1, 3, 6, 8]);
  });
});

describe("worstFirst", () => {
  it("orders by F1 and puts classes without rows last", () => {
    const report = { ...scoresOf([5, 0, 0, 0, 0, 0, 3, 0, 2], 3), logLoss: 0 };
    expect(worstFirst({ ...evaluation(1, "full", 10, 0), report })).toEqual([2, 0, 1]);
  });
});
