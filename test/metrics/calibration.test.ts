import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../src/cli/parity/reference-file.ts";
import { brierScore, calibrationOf, cooled, fittedTemperature } from "../../src/metrics/calibration.ts";

interface Case {
  logits: number[][];
  y_true: number[];
  bins: { rows: number; accuracy: number | null; confidence: number | null }[];
  ece: number;
  mce: number;
  brier_sum: number;
  brier_binary: number | null;
  nll: number;
  temperature: number;
  nll_after: number;
  ece_after: number;
}

const file = fileURLToPath(new URL("../reference/tasks/calibration.json", import.meta.url));
const { calibration: cases } = (await referenceJson(file)) as { calibration: Case[] };

/** Confidence and whether it is right, in float64. */
function calibrated(probabilities: Float64Array, labels: readonly number[], classes: number) {
  const rows = labels.map((_, row) => probabilities.subarray(row * classes, (row + 1) * classes));
  const confidence = rows.map((row) => Math.max(...row));
  return calibrationOf(confidence, (row) => rows[row]?.indexOf(confidence[row] ?? NaN) === labels[row]);
}

const logLoss = (probabilities: Float64Array, labels: readonly number[], classes: number) =>
  -labels.reduce((sum, label, row) => sum + Math.log(probabilities[row * classes + label] ?? NaN), 0) / labels.length;

describe("calibration", () => {
  it("has cases to compare with", () => expect(cases.length).toBeGreaterThanOrEqual(4));

  it.each(cases.map((c, index) => ({ ...c, index })))("equals the reference on case $index", (c) => {
    const classes = c.logits[0]?.length ?? 0;
    const logits = Float64Array.from(c.logits.flat());
    const plain = cooled(logits, classes, 1);
    const { bins, ece, mce } = calibrated(plain, c.y_true, classes);
    expect(bins.map(({ rows }) => rows)).toEqual(c.bins.map(({ rows }) => rows));
    for (const [i, { accuracy, confidence, lower, upper }] of bins.entries()) {
      expect(upper - lower).toBeCloseTo(1 / 15, 12);
      for (const [own, theirs] of [
        [accuracy, c.bins[i]?.accuracy],
        [confidence, c.bins[i]?.confidence],
      ]) {
        if (theirs === null) expect(own).toBeNull();
        else expect(own).toBeCloseTo(theirs ?? NaN, 9);
      }
    }
    expect(ece).toBeCloseTo(c.ece, 10);
    expect(mce).toBeCloseTo(c.mce, 10);
    const brier = brierScore(c.y_true, plain, classes);
    expect(brier).toBeCloseTo(c.brier_sum, 10);
    if (c.brier_binary !== null) expect(brier / 2).toBeCloseTo(c.brier_binary, 10);
    expect(logLoss(plain, c.y_true, classes)).toBeCloseTo(c.nll, 10);

    const temperature = fittedTemperature(c.y_true, logits, classes);
    expect(Math.abs(temperature - c.temperature)).toBeLessThan(1e-5 * c.temperature);
    const after = cooled(logits, classes, temperature);
    expect(logLoss(after, c.y_true, classes)).toBeCloseTo(c.nll_after, 10);
    expect(Math.abs(calibrated(after, c.y_true, classes).ece - c.ece_after)).toBeLessThan(1e-6);
    // Logarithms of probabilities are logits up to a constant.
    const again = fittedTemperature(c.y_true, plain.map(Math.log), classes);
    expect(Math.abs(again - temperature)).toBeLessThan(1e-8 * temperature);
  });

  it("of no rows, of rows that are all sure and right, and of numbers that are none", () => {
    expect(calibrationOf([], () => true)).toMatchObject({ ece: 0, mce: 0 });
    expect(brierScore([], [], 2)).toBe(0);
    const sure = calibrationOf([1, 1], () => true);
    expect(sure.bins.at(-1)).toMatchObject({ rows: 2, accuracy: 1, confidence: 1 });
    expect([sure.ece, sure.mce]).toEqual([0, 0]);
    expect(calibrationOf([NaN, 0.5], () => false).bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(1);
    expect(calibrationOf([0], () => false).bins[0]).toMatchObject({ rows: 1, accuracy: 0 });
    // Where each row is right, any temperature is too high: the lowest that is tried is taken.
    expect(fittedTemperature([0], Float64Array.of(3, 0), 2)).toBeLessThan(0.02);
    expect(fittedTemperature([1], Float64Array.of(3, 0), 2)).toBeGreaterThan(Math.exp(5.9));
  });
});
