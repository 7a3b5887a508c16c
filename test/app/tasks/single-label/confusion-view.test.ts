import { describe, expect, it } from "vitest";
import { confusionLines, confusions, confusionView } from "../../../../src/app/tasks/single-label/confusion-view.ts";
import { scoresOfCells } from "../../../../src/metrics/class-scores.ts";
import { scoresOf } from "../../../../src/metrics/report-of.ts";

// True class 0 is never wrong; 1 and 2 are taken for each other; 3 has no rows.
const report = scoresOf([4, 0, 0, 0, 0, 6, 2, 0, 0, 1, 3, 0, 0, 0, 0, 0], 4);

describe("confusionView", () => {
  it("shows all of a few classes, with shares of each true class", () => {
    const view = confusionView(report);
    expect(view.counts).toEqual([
      [4, 0, 0, 0],
      [0, 6, 2, 0],
      [0, 1, 3, 0],
      [0, 0, 0, 0],
    ]);
    expect(view.shares[1]).toEqual([0, 0.75, 0.25, 0]);
    expect(view.shares[3]).toEqual([0, 0, 0, 0]);
  });
});

describe("confusions", () => {
  it("are the pairs that were confused, the most rows first, with their share of the true class", () => {
    expect(confusions(report)).toEqual([
      { truth: 1, predicted: 2, rows: 2, share: 0.25 },
      { truth: 2, predicted: 1, rows: 1, share: 0.25 },
    ]);
  });
});

describe("confusionLines", () => {
  it("are the matrix of a few classes", () => {
    expect(confusionLines(report, ["a", "b", "c", "d"])).toEqual({
      header: ["true class", "predicted a", "predicted b", "predicted c", "predicted d"],
      lines: [
        ["a", 4, 0, 0, 0],
        ["b", 0, 6, 2, 0],
        ["c", 0, 1, 3, 0],
        ["d", 0, 0, 0, 0],
      ],
    });
  });

  it.each([51, 4000, 10_000])("are of %i classes a line for each cell that is not 0", (classes) => {
    const many = scoresOfCells(
      [
        [0, 0, 5],
        [0, classes - 1, 2],
        [3, 3, 1],
      ],
      classes,
    );
    const names = Array.from({ length: classes }, (_, k) => `class ${k}`);
    expect(confusionLines(many, names)).toEqual({
      header: ["true class", "predicted class", "rows"],
      lines: [
        ["class 0", "class 0", 5],
        ["class 0", `class ${classes - 1}`, 2],
        ["class 3", "class 3", 1],
      ],
    });
  });
});
