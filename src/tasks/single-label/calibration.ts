import type { RowLabels } from "../../data/row-labels.ts";
import { brierScore, calibrationOf, cooled, fittedTemperature, type Calibration } from "../../metrics/calibration.ts";
import { argmax } from "../../metrics/softmax.ts";
import type { RowScores } from "../../metrics/row-scores.ts";

/** How far the probabilities of rows can be trusted, and what temperature scaling would change. */
export interface ClassCalibration extends Calibration {
  /** Mean squared distance of probabilities and truth, summed over the classes: 0 to 2. */
  brier: number;
  /**
   * Found on these very rows, so that what follows from it flatters: the number to divide logits by for the least log loss.
   * Above 1 the model is too sure.
   */
  temperature: number;
  eceAfter: number;
  logLossAfter: number;
}

/** What a float32 holds beside zero: the logarithm of nothing is no number. */
const LEAST = 2 ** -149;

/** Null without rows, and where not all probabilities of a row are kept. */
export function classCalibration({ labels }: RowLabels, scores: RowScores): ClassCalibration | null {
  const { predicted, probabilities, keptClasses, kept: classes } = scores;
  const rows = predicted.length;
  if (keptClasses !== null || classes === 0 || rows === 0 || !probabilities.every(Number.isFinite)) return null;
  const logits = Float64Array.from(probabilities, (value) => Math.log(Math.max(value, LEAST)));
  const temperature = fittedTemperature(labels, logits, classes);
  const after = cooled(logits, classes, temperature);
  const rowOf = (row: number) => after.subarray(row * classes, (row + 1) * classes);
  const best = Array.from({ length: rows }, (_, row) => argmax(rowOf(row)));
  const logLoss = best.reduce(
    (sum, _, row) => sum - Math.log(Math.max(rowOf(row)[labels[row] ?? -1] ?? NaN, LEAST)),
    0,
  );
  // Thresholds decide what is predicted; the probabilities that come true or not are those of the most probable classes.
  const top = predicted.map((label, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    const first = argmax(own);
    return (own[first] ?? NaN) > (own[label] ?? NaN) ? first : label;
  });
  return {
    ...calibrationOf(
      Float32Array.from(top, (label, row) => probabilities[row * classes + label] ?? NaN),
      (row) => top[row] === labels[row],
    ),
    brier: brierScore(labels, probabilities, classes),
    temperature,
    eceAfter: calibrationOf(
      best.map((k, row) => rowOf(row)[k] ?? NaN),
      (row) => best[row] === labels[row],
    ).ece,
    logLossAfter: logLoss / rows,
  };
}
