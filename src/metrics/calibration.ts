import { logSumExp, rowsOf } from "./softmax.ts";

/** Equal bins of the confidence, as in Guo et al. 2017, On Calibration of Modern Neural Networks. */
const BINS = 15;

/** Rows whose confidence is in (lower, upper]. */
interface CalibrationBin {
  lower: number;
  upper: number;
  rows: number;
  /** Share of them whose predicted class is right; null without rows. */
  accuracy: number | null;
  /** Mean of their confidence; null without rows. */
  confidence: number | null;
}

/** The place of the bin that a confidence from 0 to 1 belongs to; NaN of NaN. */
export function binOf(confidence: number): number {
  return Math.max(0, Math.ceil(confidence * BINS) - 1);
}

/** How far probabilities are from the shares that come true. */
export interface Calibration {
  bins: CalibrationBin[];
  /** Expected calibration error: the mean over the rows of how far their bin's accuracy is from its confidence. */
  ece: number;
  /** The largest such distance of a bin. */
  mce: number;
}

/**
 * Compares confidences with what came true. A confidence of NaN is in no bin.
 *
 * @param confidence probability of the predicted class [rows]
 * @param isRight whether it is the true one
 */
export function calibrationOf(confidence: ArrayLike<number>, isRight: (row: number) => boolean): Calibration {
  const counts = Array.from({ length: BINS }, () => ({ rows: 0, right: 0, sum: 0 }));
  for (let row = 0; row < confidence.length; row++) {
    const value = confidence[row] ?? NaN;
    const bin = counts[binOf(value)];
    if (!bin) continue;
    bin.rows++;
    bin.right += Number(isRight(row));
    bin.sum += value;
  }
  const rows = counts.reduce((sum, bin) => sum + bin.rows, 0);
  const held = counts.filter((bin) => bin.rows > 0).map((bin) => ({ ...bin, apart: Math.abs(bin.right - bin.sum) }));
  return {
    bins: counts.map((bin, i) => ({
      lower: i / BINS,
      upper: (i + 1) / BINS,
      rows: bin.rows,
      accuracy: bin.rows === 0 ? null : bin.right / bin.rows,
      confidence: bin.rows === 0 ? null : bin.sum / bin.rows,
    })),
    ece: held.reduce((sum, { apart }) => sum + apart / rows, 0),
    mce: held.reduce((most, bin) => Math.max(most, bin.apart / bin.rows), 0),
  };
}

/**
 * The mean over the rows of the squared distance between probabilities and truth, summed over the classes: 0 at best, 2 at
 * worst (Brier 1950). Of two classes it is twice scikit-learn's brier_score_loss.
 *
 * @param probabilities row-major [rows, classes]
 */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  const rows = labels.length;
  let sum = 0;
  for (let at = 0; at < rows * classes; at++) {
    const hot = labels[Math.floor(at / classes)] === at % classes ? 1 : 0;
    sum += ((probabilities[at] ?? NaN) - hot) ** 2;
  }
  return rows === 0 ? 0 : sum / rows;
}

/** Temperatures that are tried: logits that are divided by more, or by less, say nothing or all of one class. */
const LOG_RANGE = 6;

/**
 * Temperature scaling (Guo et al. 2017): the number that all logits are divided by for the least mean negative log
 * likelihood, between e⁻⁶ and e⁶. The likelihood is concave in its inverse: its derivative is halved down to zero.
 *
 * @param labels true class of each row [rows]
 * @param logits row-major [rows, classes], up to a constant of each row: logarithms of probabilities do as well
 * @throws RangeError when the length of `logits` is no multiple of `classes`
 */
export function fittedTemperature(labels: ArrayLike<number>, logits: Float64Array, classes: number): number {
  const rows = rowsOf(logits, classes);
  /** Sum over the rows of the expected logit less the true one: the derivative of the loss by the inverse temperature. */
  const slope = (inverse: number) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const z = logits.subarray(row * classes, (row + 1) * classes);
      const largest = z.reduce((most, value) => Math.max(most, value), -Infinity);
      let [weights, expected] = [0, 0];
      for (const value of z) {
        const weight = Math.exp((value - largest) * inverse);
        weights += weight;
        expected += weight * (value - largest);
      }
      sum += expected / weights - ((z[labels[row] ?? -1] ?? NaN) - largest);
    }
    return sum;
  };
  let [low, high] = [-LOG_RANGE, LOG_RANGE];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (slope(Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/**
 * Probabilities at a temperature.
 *
 * @param logits row-major [rows, classes], as for `fittedTemperature`
 */
export function cooled(logits: Float64Array, classes: number, temperature: number): Float64Array {
  const rows = rowsOf(logits, classes);
  const all = logits.map((value) => value / temperature);
  for (let row = 0; row < rows; row++) {
    const z = all.subarray(row * classes, (row + 1) * classes);
    const logSum = logSumExp(z);
    for (let k = 0; k < classes; k++) z[k] = Math.exp((z[k] ?? NaN) - logSum);
  }
  return all;
}
