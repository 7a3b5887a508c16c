import type { RegressionReport } from "../../metrics/regression/report.ts";
import { squaredLoss } from "../linear-losses.ts";
import type { Metric, Task } from "../task.ts";

const mse: Metric<RegressionReport> = {
  key: "mse",
  label: "Mean squared error",
  name: "mean squared error",
  better: "lower",
  kind: "loss",
  hubName: "mse",
  of: (report) => report.mse,
};

const correlation = (
  key: string,
  label: string,
  name: string,
  of: (report: RegressionReport) => number | null,
): Metric<RegressionReport> => ({
  key,
  label,
  name,
  better: "higher",
  kind: "score",
  hubName: key,
  of: (report) => of(report) ?? NaN,
});

const error = (key: "mae" | "rmse", label: string, name: string): Metric<RegressionReport> => ({
  key,
  label,
  name,
  better: "lower",
  kind: "loss",
  hubName: key,
  of: (report) => report[key],
});

/** Each text has a number. */
export const regression: Task<RegressionReport> = {
  name: "regression",
  targets: "each value of the label column is a number, which is predicted",
  rows: "rows",
  head: "regressor",
  scoredBy: "none",
  metrics: [
    { ...error("rmse", "Root mean squared error", "root mean squared error"), leads: true },
    { ...error("mae", "Mean absolute error", "mean absolute error"), leads: true },
    correlation("pearson", "Pearson correlation", "Pearson correlation", ({ pearson }) => pearson),
    correlation("spearman", "Spearman correlation", "Spearman correlation", ({ spearman }) => spearman),
    correlation("r2", "R²", "R²", ({ r2 }) => r2),
    mse,
  ],
  loss: mse,
  linearLoss: squaredLoss({ mean: 0, deviation: 1 }),
};
