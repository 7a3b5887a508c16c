import type { RowLabels } from "../../data/row-labels.ts";
import type { RegressionReport } from "../../metrics/regression/report.ts";
import { drawnCorrelation, DrawnRanks } from "../../metrics/regression/drawn.ts";
import type { Redrawn } from "../task.ts";
import type { NumberScores } from "./predictions.ts";

/** Reports of draws of rows: errors, the share of variance explained, and the correlations that are metrics. */
export function redrawnNumbers({ labels }: RowLabels, scores: NumberScores): Redrawn<RegressionReport> {
  const truth = Float64Array.from(labels);
  const predicted = Float64Array.from(scores.predicted);
  const rows = predicted.length;
  const ranks = { truth: new DrawnRanks(truth), predicted: new DrawnRanks(predicted) };
  return {
    rows,
    width: 8,
    reportOf(times) {
      let absolute = 0;
      let squared = 0;
      let total = 0;
      let ofSquares = 0;
      for (let row = 0; row < rows; row++) {
        const count = times[row] ?? 0;
        const residual = (predicted[row] ?? NaN) - (truth[row] ?? NaN);
        absolute += count * Math.abs(residual);
        squared += count * residual ** 2;
        total += count * (truth[row] ?? NaN);
      }
      const mean = total / rows;
      for (let row = 0; row < rows; row++) ofSquares += (times[row] ?? 0) * ((truth[row] ?? NaN) - mean) ** 2;
      const mse = squared / rows;
      return {
        rows,
        mae: absolute / rows,
        mse,
        rmse: Math.sqrt(mse),
        r2: rows < 2 || ofSquares === 0 ? null : 1 - squared / ofSquares,
        pearson: drawnCorrelation(times, truth, predicted),
        spearman: drawnCorrelation(times, ranks.truth.of(times), ranks.predicted.of(times)),
        medianError: NaN,
        maxError: NaN,
        explainedVariance: null,
        kendall: null,
        residuals: null,
        sample: [],
      };
    },
  };
}
