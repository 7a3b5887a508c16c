import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../src/cli/parity/reference-file.ts";
import type { ClassScores } from "../../src/metrics/report.ts";
import { reportOf } from "../../src/metrics/report-of.ts";
import { scoresOfCells } from "../../src/metrics/class-scores.ts";
import { cellsOf, ConfusionCounter } from "../../src/metrics/confusion.ts";
import { filedReport } from "../../src/metrics/report.ts";
import { keptOf, RowScorer } from "../../src/metrics/row-scores.ts";
import { softmax } from "../../src/metrics/softmax.ts";

type SklearnScores = { precision: number; recall: number; "f1-score": number; support: number };
interface SklearnCase {
  classes: number;
  logits: number[][];
  y_true: number[];
  report: Record<string, SklearnScores>;
  confusion: number[][];
  accuracy: number;
  balanced_accuracy: number;
  matthews: number;
  /** Null where scikit-learn divides zero by zero. */
  cohen_kappa: number | null;
  log_loss: number;
}

const file = fileURLToPath(new URL("../reference/metrics.json", import.meta.url));
const cases = (await referenceJson(file)) as SklearnCase[];

interface DefaultCase {
  classes: number;
  y_true: number[];
  y_pred: number[];
  accuracy: number;
  matthews: number;
  "macro avg": SklearnScores;
  "weighted avg": SklearnScores;
}
const macroFile = fileURLToPath(new URL("../reference/macro.json", import.meta.url));
const defaults = (await referenceJson(macroFile)) as DefaultCase[];

function expectScores(ours: ClassScores | undefined, theirs: SklearnScores | undefined): void {
  if (ours === undefined || theirs === undefined) throw new Error("A class is missing.");
  expect(ours.precision).toBeCloseTo(theirs.precision, 12);
  expect(ours.recall).toBeCloseTo(theirs.recall, 12);
  expect(ours.f1).toBeCloseTo(theirs["f1-score"], 12);
  expect(ours.support).toBe(theirs.support);
}

describe("reportOf", () => {
  it("has cases to compare with", () => {
    expect(cases.length).toBeGreaterThanOrEqual(6);
  });

  it.each(cases.map((c, index) => ({ ...c, index })))("equals scikit-learn on case $index", (c) => {
    const report = reportOf(Int32Array.from(c.y_true), Float32Array.from(c.logits.flat()), c.classes);
    expect(report.rows).toBe(c.y_true.length);
    expect(report.confusion).toEqual(cellsOf(c.confusion.flat(), c.classes));
    expect(report.accuracy).toBeCloseTo(c.accuracy, 12);
    expect(report.matthews).toBeCloseTo(c.matthews, 12);
    expect(report.balancedAccuracy).toBeCloseTo(c.balanced_accuracy, 12);
    if (c.cohen_kappa === null) expect(report.kappa).toBeNull();
    else expect(report.kappa).toBeCloseTo(c.cohen_kappa, 12);
    expect(report.logLoss).toBeCloseTo(c.log_loss, 5);
    expect(report.classes).toHaveLength(c.classes);
    // These reports name all classes, also those that stand nowhere; their averages over all are not the defaults.
    filedReport(report).classes.forEach((scores, k) => expectScores(scores ?? undefined, c.report[String(k)]));
    if (report.classes.every((scores) => scores !== null)) expectScores(report.macro, c.report["macro avg"]);
    expectScores(report.weighted, c.report["weighted avg"]);
    expect(report.micro).toEqual({
      precision: report.accuracy,
      recall: report.accuracy,
      f1: report.accuracy,
      support: report.rows,
    });
  });

  it.each(defaults.map((c, index) => ({ ...c, index })))("has scikit-learn's default averages, case $index", (c) => {
    const logits = new Float32Array(c.y_true.length * c.classes);
    c.y_pred.forEach((k, row) => (logits[row * c.classes + k] = 1));
    const report = reportOf(Int32Array.from(c.y_true), logits, c.classes);
    expectScores(report.macro, c["macro avg"]);
    expectScores(report.weighted, c["weighted avg"]);
    expect(report.accuracy).toBeCloseTo(c.accuracy, 12);
    expect(report.matthews).toBeCloseTo(c.matthews, 12);
    const standing = new Set([...c.y_true, ...c.y_pred]);
    expect(report.classes.flatMap((scores, k) => (scores ? [k] : []))).toEqual([...standing].sort((a, b) => a - b));
  });

  it("does not count a class without rows that is never predicted", () => {
    const scores = scoresOfCells(
      [
        [0, 0, 38],
        [0, 1, 1],
        [1, 1, 1],
      ],
      5,
    );
    expect(scores.accuracy).toBeCloseTo(39 / 40, 12);
    expect(scores.macro.f1).toBeCloseTo((76 / 77 + 2 / 3) / 2, 12);
    expect(scores.macro.recall).toBeCloseTo((38 / 39 + 1) / 2, 12);
  });

  it.each([4000, 10_000])("grows with rows and classes, not with their square: %i classes", (classes) => {
    const rows = 300;
    const labels = Int32Array.from({ length: rows }, (_, row) => (row * 37) % classes);
    const scorer = new RowScorer(labels, classes);
    for (let row = 0; row < rows; row++) {
      const logits = new Float32Array(classes);
      logits[row % 3 === 0 ? (labels[row] ?? 0) : classes - 1 - row] = 9;
      scorer.add(logits);
    }
    const report = scorer.report();
    expect(report.confusion.length).toBeLessThanOrEqual(rows);
    expect(report.accuracy).toBeCloseTo(1 / 3, 6);
    expect(JSON.stringify(report).length).toBeLessThan(10 * classes + 200 * rows);
    const { predicted, probabilities, keptClasses, confidence } = scorer.scores();
    expect(probabilities).toHaveLength(rows * keptOf(classes));
    expect(keptClasses?.[0]).toBe(predicted[0]);
    expect(probabilities[0]).toBe(confidence[0]);
    expect(confidence[0]).toBeCloseTo(Math.exp(9) / (Math.exp(9) + classes - 1), 5);
  });

  it("stays finite with logits whose exponentials overflow", () => {
    const report = reportOf(Int32Array.of(0, 1), Float32Array.of(1000, -1000, 1000, 990), 2);
    expect(report.logLoss).toBeCloseTo((0 + 10) / 2, 4);
    expect(report.accuracy).toBe(0.5);
  });

  it("gives zeros, not NaN, for no rows", () => {
    const report = reportOf(new Int32Array(0), new Float32Array(0), 3);
    expect(report).toMatchObject({ rows: 0, accuracy: 0, logLoss: 0, matthews: 0 });
    expect(report.classes).toHaveLength(3);
    expect(report.macro.f1).toBe(0);
  });

  it("takes the first of equal logits, as numpy does", () => {
    expect(reportOf(Int32Array.of(1), Float32Array.of(0, 2, 2), 3).accuracy).toBe(1);
  });

  it("refuses shapes and labels that do not agree", () => {
    expect(() => reportOf(Int32Array.of(0, 1), Float32Array.of(1, 2), 2)).toThrow(RangeError);
    expect(() => reportOf(Int32Array.of(0), Float32Array.of(1, 2, 3), 2)).toThrow(RangeError);
    expect(() => reportOf(Int32Array.of(2), Float32Array.of(1, 2), 2)).toThrow(RangeError);
    expect(() => reportOf(Int32Array.of(-1), Float32Array.of(1, 2), 2)).toThrow(RangeError);
  });
});

describe("RowScorer", () => {
  const logits = Float32Array.of(1, 2, 0, 3, 1, 1, 0, 0, 5);
  const labels = Int32Array.of(1, 2, 2);

  it("gives the same whatever parts the rows come in, and keeps all probabilities of a few classes in order", () => {
    const whole = new RowScorer(labels, 3);
    whole.add(logits);
    const parts = new RowScorer(labels, 3);
    parts.add(logits.subarray(0, 3));
    parts.add(new Float32Array(0));
    parts.add(logits.subarray(3));
    expect(parts.report()).toEqual(whole.report());
    expect(parts.scores()).toEqual(whole.scores());
    const { probabilities, keptClasses, predicted, truthProbability } = whole.scores();
    expect(keptClasses).toBeNull();
    softmax(logits, 3).forEach((value, i) => expect(probabilities[i]).toBeCloseTo(value, 6));
    expect([...predicted]).toEqual([1, 0, 2]);
    expect(truthProbability[1]).toBe(probabilities[5]);
  });

  it("keeps the largest of many, the largest first and the first of equal ones", () => {
    const scorer = new RowScorer(Int32Array.of(4), 6, 3);
    scorer.add(Float32Array.of(1, 5, 0, 5, 2, 5));
    expect([...(scorer.scores().keptClasses ?? [])]).toEqual([1, 3, 5]);
    const falling = new RowScorer(Int32Array.of(0), 4, 2);
    falling.add(Float32Array.of(-1, -3, 7, 0));
    expect([...(falling.scores().keptClasses ?? [])]).toEqual([2, 3]);
  });

  it("refuses to report before all rows have come", () => {
    const scorer = new RowScorer(labels, 3);
    scorer.add(logits.subarray(0, 6));
    expect(() => scorer.report()).toThrow(RangeError);
    expect(() => scorer.add(logits)).toThrow(RangeError);
  });
});

describe("the cells of a confusion matrix", () => {
  it("come in order, and are those of the whole matrix", () => {
    const counter = new ConfusionCounter(3);
    for (const [truth, predicted] of [
      [2, 0],
      [0, 1],
      [2, 0],
      [1, 1],
    ] as const)
      counter.add(truth, predicted);
    expect(counter.cells()).toEqual([
      [0, 1, 1],
      [1, 1, 1],
      [2, 0, 2],
    ]);
    expect(cellsOf([0, 1, 0, 0, 1, 0, 2, 0, 0], 3)).toEqual(counter.cells());
  });
});

describe("softmax", () => {
  it("sums to one in every row and keeps the order of the logits", () => {
    const probabilities = softmax(Float32Array.of(1, 2, 3, -5, 0, -1), 3);
    for (let row = 0; row < 2; row++) {
      const sum = probabilities.subarray(row * 3, row * 3 + 3).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 6);
    }
    expect(probabilities[2]).toBeCloseTo(Math.exp(3) / (Math.exp(1) + Math.exp(2) + Math.exp(3)), 6);
    expect(probabilities[4]).toBeGreaterThan(probabilities[5] ?? 1);
  });

  it("does not overflow", () => {
    expect([...softmax(Float32Array.of(1e30, 0, -1e30, 0), 2)]).toEqual([1, 0, 0, 1]);
  });
});
