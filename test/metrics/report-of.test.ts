import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ClassScores } from "../../src/metrics/report.ts";
import { reportOf } from "../../src/metrics/report-of.ts";
import { softmax } from "../../src/metrics/softmax.ts";

type SklearnScores = { precision: number; recall: number; "f1-score": number; support: number };
interface SklearnCase {
  classes: number;
  logits: number[][];
  y_true: number[];
  report: Record<string, SklearnScores>;
  confusion: number[][];
  accuracy: number;
  matthews: number;
  log_loss: number;
}

const file = new URL("../reference/metrics.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as SklearnCase[];

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
    expect(report.confusion).toEqual(c.confusion.flat());
    expect(report.accuracy).toBeCloseTo(c.accuracy, 12);
    expect(report.matthews).toBeCloseTo(c.matthews, 12);
    expect(report.logLoss).toBeCloseTo(c.log_loss, 5);
    expect(report.classes).toHaveLength(c.classes);
    report.classes.forEach((scores, k) => expectScores(scores, c.report[String(k)]));
    expectScores(report.macro, c.report["macro avg"]);
    expectScores(report.weighted, c.report["weighted avg"]);
    expect(report.micro).toEqual({
      precision: report.accuracy,
      recall: report.accuracy,
      f1: report.accuracy,
      support: report.rows,
    });
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
