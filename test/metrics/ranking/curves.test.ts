import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../../src/cli/parity/reference-file.ts";
import { ranked } from "../../../src/metrics/ranking/cuts.ts";
import { precisionRecallCurve, rocCurve } from "../../../src/metrics/ranking/curves.ts";

type Numbers = (number | null)[];
interface Case {
  y_true: number[];
  scores: number[];
  roc: { fpr: Numbers; tpr: Numbers; thresholds: Numbers };
  roc_all: { fpr: Numbers; tpr: Numbers; thresholds: Numbers };
  pr: { precision: Numbers; recall: Numbers; thresholds: Numbers };
}

const file = fileURLToPath(new URL("../../reference/tasks/calibration.json", import.meta.url));
const { curves: cases } = (await referenceJson(file)) as { curves: Case[] };

function expectNumbers(ours: readonly number[], theirs: Numbers | undefined): void {
  expect(ours).toHaveLength(theirs?.length ?? NaN);
  // scikit-learn's infinity is null in JSON.
  for (const [i, value] of ours.entries()) {
    const other = theirs?.[i] ?? Infinity;
    if (other === Infinity) expect(value).toBe(Infinity);
    else expect(value).toBeCloseTo(other, 10);
  }
}

describe("curves of a ranking", () => {
  it("are there to compare with", () => expect(cases.length).toBeGreaterThanOrEqual(5));

  it.each(cases.map((c, index) => ({ ...c, index })))("equal scikit-learn's on case $index", (c) => {
    const scores = ranked(c.y_true, c.scores);
    for (const [curve, theirs] of [
      [rocCurve(scores), c.roc],
      [rocCurve(scores, true), c.roc_all],
    ] as const) {
      expectNumbers(
        curve.map((point) => point.falsePositiveRate),
        theirs.fpr,
      );
      expectNumbers(
        curve.map((point) => point.truePositiveRate),
        theirs.tpr,
      );
      expectNumbers(
        curve.map((point) => point.threshold),
        theirs.thresholds,
      );
    }
    const curve = precisionRecallCurve(scores).reverse();
    expectNumbers(
      curve.map((point) => point.precision),
      c.pr.precision,
    );
    expectNumbers(
      curve.map((point) => point.recall),
      c.pr.recall,
    );
    // Theirs has none for the point where nothing is taken.
    expectNumbers(
      curve.slice(0, -1).map((point) => point.threshold),
      c.pr.thresholds,
    );
  });

  it("are empty where there is nothing to tell apart", () => {
    expect(rocCurve(ranked([1, 1], [0.5, 0.6]))).toEqual([]);
    expect(rocCurve(ranked([0], [0.5]))).toEqual([]);
    expect(precisionRecallCurve(ranked([0, 0], [0.5, 0.6]))).toEqual([]);
    expect(precisionRecallCurve(ranked([1], [0.5]))).toHaveLength(2);
  });
});
