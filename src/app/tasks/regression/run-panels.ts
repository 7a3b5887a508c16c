import type { RegressionReport } from "../../../metrics/regression/report.ts";
import type { RunPanels } from "../panels.ts";
import { LargestErrorsTab } from "./LargestErrorsTab.tsx";
import { NumberAnswer } from "./NumberAnswer.tsx";
import { residualLines } from "./residual-lines.ts";
import { Residuals } from "./Residuals.tsx";
import { ResidualTable } from "./ResidualTable.tsx";

/** Predicted against true values, and the residuals. */
export const regressionRun: RunPanels = {
  Mistakes: Residuals as RunPanels["Mistakes"],
  Scores: ResidualTable as RunPanels["Scores"],
  Errors: LargestErrorsTab,
  Prediction: NumberAnswer as RunPanels["Prediction"],
  scoreLines: {
    header: ["figure", "value", "rows"],
    of: (report) => residualLines(report as RegressionReport).map(([name, value]) => [name, value, report.rows]),
  },
  columns: () => ({
    header: ["mean residual", "standard deviation of the residuals"],
    cellsOf(report) {
      const { residuals } = report as RegressionReport;
      return [residuals?.mean ?? NaN, residuals?.deviation ?? NaN];
    },
  }),
  files: [],
};
