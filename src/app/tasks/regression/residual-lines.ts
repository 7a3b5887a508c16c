import type { RegressionReport } from "../../../metrics/regression/report.ts";

/** Figures of a report beside the task's metrics, by name; NaN where one is not defined. */
export function residualLines({ residuals, ...report }: RegressionReport): [name: string, value: number][] {
  return [
    ["Median absolute error", report.medianError],
    ["Largest absolute error", report.maxError],
    ["Explained variance", report.explainedVariance ?? NaN],
    ["Kendall’s tau", report.kendall ?? NaN],
    ["Mean residual", residuals?.mean ?? NaN],
    ["Standard deviation of the residuals", residuals?.deviation ?? NaN],
    ["Lowest residual", residuals?.least ?? NaN],
    ["A quarter of the residuals is at most", residuals?.quarter ?? NaN],
    ["Median residual", residuals?.median ?? NaN],
    ["Three quarters are at most", residuals?.threeQuarters ?? NaN],
    ["Highest residual", residuals?.most ?? NaN],
  ];
}
