import { quantile } from "../spread.ts";
import { kendall, mean, pearson, spearman } from "./correlation.ts";

/** How far predictions lie from the truth, on the same scale: predicted less true. */
interface Residuals {
  mean: number;
  /** Standard deviation around that mean, over the rows (not rows − 1). */
  deviation: number;
  least: number;
  /** A quarter, a half and three quarters of the residuals are at most this. */
  quarter: number;
  median: number;
  threeQuarters: number;
  most: number;
}

/**
 * Predicted numbers against true ones; equal to scikit-learn's and scipy's. Null where a figure is not defined.
 */
export interface RegressionReport {
  rows: number;
  mae: number;
  mse: number;
  rmse: number;
  medianError: number;
  maxError: number;
  /** 1 less the squared errors over those of the true mean; of fewer than two rows null. */
  r2: number | null;
  /** The same without the mean of the residuals. */
  explainedVariance: number | null;
  pearson: number | null;
  spearman: number | null;
  kendall: number | null;
  /** Null of no rows. */
  residuals: Residuals | null;
  /** True and predicted value of some rows, evenly chosen: all of a few. */
  sample: (readonly [truth: number, predicted: number])[];
}

/** Number of rows in a report's sample: a report is small whatever the number of rows. */
const MOST_SAMPLED = 200;

/**
 * @param truth [rows]
 * @param predicted [rows], in the units of the truth
 * @throws RangeError when the lengths differ
 */
export function regressionReportOf(truth: ArrayLike<number>, predicted: ArrayLike<number>): RegressionReport {
  const rows = truth.length;
  if (predicted.length !== rows) throw new RangeError(`${rows} true values and ${predicted.length} predicted ones.`);
  const residuals = Float64Array.from({ length: rows }, (_, row) => (predicted[row] ?? NaN) - (truth[row] ?? NaN));
  const errors = residuals.map(Math.abs);
  const mse = rows === 0 ? 0 : mean(residuals.map((residual) => residual * residual));
  const sorted = errors.toSorted();
  return {
    rows,
    mae: rows === 0 ? 0 : mean(errors),
    mse,
    rmse: Math.sqrt(mse),
    medianError: rows === 0 ? 0 : quantile(sorted, 0.5),
    maxError: sorted.at(-1) ?? 0,
    r2: explained(truth, mse),
    explainedVariance: explained(truth, varianceOf(residuals)),
    pearson: pearson(truth, predicted),
    spearman: spearman(truth, predicted),
    kendall: kendall(truth, predicted),
    residuals: residualsOf(residuals),
    sample: sampleOf(truth, predicted),
  };
}

/** Scores rows as their predicted values come, a few at a time. */
export class RegressionScorer {
  private readonly values: Float32Array;
  private done = 0;

  /** @param truth the true value of each row [rows] */
  constructor(private readonly truth: ArrayLike<number>) {
    this.values = new Float32Array(truth.length);
  }

  /**
   * Takes the values of the next rows, in the units of the truth.
   *
   * @throws RangeError when there are more than rows
   */
  add(predicted: Float32Array): void {
    this.values.set(predicted, this.done);
    this.done += predicted.length;
  }

  /** @throws RangeError when rows are missing */
  report(): RegressionReport {
    return regressionReportOf(this.truth, this.predicted());
  }

  /**
   * The predicted value of each row [rows].
   *
   * @throws RangeError when rows are missing
   */
  predicted(): Float32Array {
    if (this.done === this.truth.length) return this.values;
    throw new RangeError(`${this.truth.length} true values for ${this.done} predicted ones.`);
  }
}

/** The share of the truth's variance that is not left over; of a constant truth 1 where nothing is, else 0. */
function explained(truth: ArrayLike<number>, left: number): number | null {
  if (truth.length < 2) return null;
  const variance = varianceOf(truth);
  if (variance === 0) return left === 0 ? 1 : 0;
  return 1 - left / variance;
}

function varianceOf(values: ArrayLike<number>): number {
  const center = mean(values);
  return mean(Float64Array.from(values, (value) => (value - center) ** 2));
}

function sampleOf(truth: ArrayLike<number>, predicted: ArrayLike<number>): RegressionReport["sample"] {
  const rows = truth.length;
  const length = Math.min(rows, MOST_SAMPLED);
  // Seven digits are what a float32 holds.
  const shortened = (value = NaN) => Number(value.toPrecision(7));
  return Array.from({ length }, (_, place) => {
    const row = Math.floor((place * rows) / length);
    return [shortened(truth[row]), shortened(predicted[row])];
  });
}

function residualsOf(residuals: Float64Array): Residuals | null {
  const sorted = residuals.toSorted();
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return null;
  return {
    mean: mean(residuals),
    deviation: Math.sqrt(varianceOf(residuals)),
    least,
    quarter: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    threeQuarters: quantile(sorted, 0.75),
    most,
  };
}
