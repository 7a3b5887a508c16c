import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../../src/cli/parity/reference-file.ts";
import { MultiLabelScorer } from "../../../src/metrics/multi-label/scorer.ts";
import type { MultiLabelReport } from "../../../src/metrics/multi-label/report.ts";
import type { ClassScores } from "../../../src/metrics/report.ts";
import { logitOf, sigmoid } from "../../../src/metrics/sigmoid.ts";

type Average = Omit<ClassScores, "support">;
interface SklearnCase {
  logits: number[][];
  y_true: string[];
  micro: Average;
  macro: Average;
  weighted: Average;
  samples: Average;
  labels: (ClassScores & { roc_auc: number | null; average_precision: number | null })[];
  subset_accuracy: number;
  hamming_loss: number;
  jaccard_samples: number;
  macro_roc_auc: number | null;
  macro_average_precision: number | null;
  micro_average_precision: number;
  micro_roc_auc: number;
}

const file = fileURLToPath(new URL("../../reference/tasks/metrics.json", import.meta.url));
const cases = ((await referenceJson(file)) as { multi_label: SklearnCase[] }).multi_label;

const bits = (rows: readonly string[]) => Uint8Array.from([...rows.join("")].map(Number));

function expectNear(ours: number | null, theirs: number | null): void {
  if (ours === null || theirs === null) expect(ours).toBe(theirs);
  else expect(Math.abs(ours - theirs)).toBeLessThan(1e-9);
}

function expectAverage(ours: ClassScores, theirs: Average): void {
  for (const score of ["precision", "recall", "f1"] as const) expectNear(ours[score], theirs[score]);
}

/** The report of rows that come at once. */
function reportOf(logits: readonly number[], truth: Uint8Array, labels: number, thresholds?: number[]) {
  const scorer = new MultiLabelScorer({ truth, labels }, thresholds);
  scorer.add(Float32Array.from(logits));
  return scorer.report();
}

/** Rows of up to four labels: truth and logits, many of them tied. */
const rows = fc.integer({ min: 1, max: 4 }).chain((labels) =>
  fc.record({
    labels: fc.constant(labels),
    cells: fc
      .array(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -6, max: 6 })), { minLength: labels, maxLength: labels }),
        { maxLength: 30 },
      )
      .map((all) => all.flat().map(([isTrue, half]) => ({ isTrue, logit: half / 2 }))),
  }),
);

describe("MultiLabelScorer", () => {
  it.each(cases.map((c, index) => ({ ...c, index })))("equals scikit-learn on case $index", (c) => {
    const report = reportOf(c.logits.flat(), bits(c.y_true), c.labels.length);
    for (const average of ["micro", "macro", "weighted", "samples"] as const) {
      expectAverage(report[average], c[average]);
      expect(report[average].support).toBe(c.labels.reduce((sum, { support }) => sum + support, 0));
    }
    c.labels.forEach((theirs, k) => {
      const ours = report.classes[k];
      if (!ours) throw new Error("A label is missing.");
      expectAverage(ours, theirs);
      expect(ours.support).toBe(theirs.support);
      expectNear(ours.averagePrecision, theirs.average_precision);
      expectNear(ours.rocAuc, theirs.roc_auc);
    });
    expectNear(report.subsetAccuracy, c.subset_accuracy);
    expectNear(report.hammingLoss, c.hamming_loss);
    expectNear(report.jaccard, c.jaccard_samples);
    expectNear(report.macroAveragePrecision, c.macro_average_precision);
    expectNear(report.microAveragePrecision, c.micro_average_precision);
    expectNear(report.macroRocAuc, c.macro_roc_auc);
    expectNear(report.microRocAuc, c.micro_roc_auc);
  });

  it("agrees with itself whatever the rows", () => {
    fc.assert(
      fc.property(rows, fc.nat({ max: 30 }), ({ labels, cells }, cut) => {
        const truth = Uint8Array.from(cells, ({ isTrue }) => (isTrue ? 1 : 0));
        const logits = cells.map(({ logit }) => logit);
        const report = reportOf(logits, truth, labels);
        const count = cells.length / labels;
        for (const { matrix, support } of report.classes) {
          const [trueNegatives, falsePositives, falseNegatives, truePositives] = matrix;
          expect(trueNegatives + falsePositives + falseNegatives + truePositives).toBe(count);
          expect(falseNegatives + truePositives).toBe(support);
        }
        const wrong = cells.filter(({ isTrue, logit }) => isTrue !== logit >= 0).length;
        expect(report.hammingLoss * cells.length).toBeCloseTo(wrong, 9);
        const losses = cells.map(({ isTrue, logit }) => -Math.log(isTrue ? sigmoid(logit) : 1 - sigmoid(logit)));
        expect(report.logLoss * cells.length).toBeCloseTo(
          losses.reduce((sum, loss) => sum + loss, 0),
          9,
        );
        expect(report.subsetAccuracy).toBeLessThanOrEqual(1 - report.hammingLoss + 1e-12);
        const parts = new MultiLabelScorer({ truth, labels });
        const at = Math.min(cut, count) * labels;
        parts.add(Float32Array.from(logits.slice(0, at)));
        parts.add(Float32Array.from(logits.slice(at)));
        expect(parts.report()).toEqual(report);
      }),
    );
  });

  it("finds the thresholds of which none is better", () => {
    fc.assert(
      fc.property(rows, ({ labels, cells }) => {
        const truth = Uint8Array.from(cells, ({ isTrue }) => (isTrue ? 1 : 0));
        const logits = cells.map(({ logit }) => logit);
        const scorer = new MultiLabelScorer({ truth, labels });
        scorer.add(Float32Array.from(logits));
        const tuned = scorer.bestThresholds();
        const f1s = (report: MultiLabelReport) => report.classes.map(({ f1 }) => f1);
        const best = f1s(reportOf(logits, truth, labels, tuned));
        for (const logit of logits) {
          const tried = new Array<number>(labels).fill(sigmoid(logit));
          f1s(reportOf(logits, truth, labels, tried)).forEach((f1, k) =>
            expect(f1).toBeLessThanOrEqual((best[k] ?? NaN) + 1e-12),
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  it("predicts from each label's own threshold on", () => {
    const probabilities = [0.5, 0.7, 0.49, 0.69];
    const report = reportOf(probabilities.map(logitOf), Uint8Array.of(1, 1, 1, 1), 2, [0.5, 0.695]);
    expect(report.classes.map(({ matrix, threshold }) => [...matrix, threshold])).toEqual([
      [0, 0, 1, 1, 0.5],
      [0, 0, 1, 1, 0.695],
    ]);
    expect(report.subsetAccuracy).toBe(0.5);
  });

  it("gives the mean loss of each row, also where a logit is extreme", () => {
    const scorer = new MultiLabelScorer({ truth: Uint8Array.of(1, 0, 1, 0), labels: 2 });
    scorer.add(Float32Array.of(1000, -1000, -1000, 0));
    expect(scorer.rowLosses()[0]).toBe(0);
    expect(scorer.rowLosses()[1]).toBeCloseTo((1000 + Math.log(2)) / 2, 3);
    expect(scorer.report().logLoss).toBeCloseTo((1000 + Math.log(2)) / 4, 9);
  });

  it("ends on logits that are no numbers", () => {
    const report = reportOf([NaN, 1, NaN, NaN], Uint8Array.of(1, 0, 0, 1), 2);
    expect(report.logLoss).toBeNaN();
    expect(report.classes).toHaveLength(2);
  });

  it("gives zeros, not NaN, for no rows", () => {
    const report = reportOf([], new Uint8Array(0), 3);
    expect(report).toMatchObject({
      rows: 0,
      logLoss: 0,
      subsetAccuracy: 0,
      hammingLoss: 0,
      microAveragePrecision: null,
    });
    expect(report.samples).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it("refuses shapes that do not agree, and to report before all rows have come", () => {
    const truth = Uint8Array.of(1, 0, 1, 0);
    expect(() => new MultiLabelScorer({ truth, labels: 3 })).toThrow(RangeError);
    expect(() => new MultiLabelScorer({ truth, labels: 2 }, [0.5])).toThrow(RangeError);
    const scorer = new MultiLabelScorer({ truth, labels: 2 });
    expect(() => scorer.add(Float32Array.of(1, 2, 3))).toThrow(RangeError);
    expect(() => scorer.add(new Float32Array(6))).toThrow(RangeError);
    scorer.add(Float32Array.of(1, 2));
    expect(() => scorer.report()).toThrow("2 rows of labels for 1 of logits.");
    expect(() => scorer.rowLosses()).toThrow(RangeError);
    expect(() => scorer.bestThresholds()).toThrow(RangeError);
  });
});
