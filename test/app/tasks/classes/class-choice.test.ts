import { describe, expect, it } from "vitest";
import { orderedClasses } from "../../../../src/app/classes/class-list.ts";
import { firstShown, mostRowsFirst, worstFirst } from "../../../../src/app/tasks/classes/class-choice.ts";
import { scoresOf } from "../../../../src/metrics/report-of.ts";

describe("firstShown", () => {
  it("shows up to eight classes, and of more the four largest in class order", () => {
    expect(firstShown([1, 1, 1, 1, 1, 1, 1, 1])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(firstShown([1, 9, 1, 7, 1, 1, 8, 1, 6])).toEqual([1, 3, 6, 8]);
  });
});

describe("worstFirst", () => {
  it("orders by F1 and puts classes without rows last", () => {
    const report = { ...scoresOf([5, 0, 0, 0, 0, 0, 3, 0, 2], 3), logLoss: 0 };
    expect(orderedClasses(3, worstFirst({ report }))).toEqual([2, 0, 1]);
  });

  it("has of equally bad classes those with the most rows first", () => {
    // Class 0 takes all: classes 1 and 2 are never found.
    const report = { ...scoresOf([4, 0, 0, 2, 0, 0, 6, 0, 0], 3), logLoss: 0 };
    expect(orderedClasses(3, worstFirst({ report }))).toEqual([2, 1, 0]);
  });
});

describe("mostRowsFirst", () => {
  it("orders by true rows, classes never seen last", () => {
    const report = { ...scoresOf([0, 0, 0, 0, 3, 0, 1, 0, 6], 3), logLoss: 0 };
    expect(orderedClasses(3, mostRowsFirst({ report }))).toEqual([2, 1, 0]);
  });
});
