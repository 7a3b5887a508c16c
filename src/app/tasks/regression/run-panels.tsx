import type { RegressionReport } from "../../../metrics/regression/report.ts";
import type { NumberPrediction } from "../../../tasks/regression/predictions.ts";
import { valueText } from "../../../tasks/regression/value-text.ts";
import type { RunPanels } from "../panels.ts";
import styles from "../../run/panel.module.css";

const figures = ({
  medianError,
  maxError,
  explainedVariance,
  kendall,
}: RegressionReport): [string, number | null][] => [
  ["Median absolute error", medianError],
  ["Largest error", maxError],
  ["Explained variance", explainedVariance],
  ["Kendall correlation", kendall],
];

/** Figures of the errors. */
export const regressionRun: RunPanels = {
  Mistakes: () => null,
  Scores: ({ report }) => (
    <table className={styles.table}>
      <tbody>
        {figures(report as RegressionReport).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value === null ? "not defined" : valueText(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  ),
  scoreLines: {
    header: ["figure", "value", "rows"],
    of: (report) => figures(report as RegressionReport).map(([name, value]) => [name, value ?? NaN, report.rows]),
  },
  Errors: () => <p>predictions.csv of the download lists all rows with their residuals.</p>,
  Prediction: ({ labelNames, prediction, stale }) => (
    <p role="status" style={{ opacity: stale ? 0.4 : 1 }}>
      {labelNames[0]} {valueText((prediction as NumberPrediction).value)}
    </p>
  ),
  columns: () => ({ header: [], cellsOf: () => [] }),
  files: [],
};
