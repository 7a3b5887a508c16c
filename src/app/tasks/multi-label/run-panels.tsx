import type { LabelScores, MultiLabelReport } from "../../../metrics/multi-label/report.ts";
import type { LabelRowScores } from "../../../tasks/multi-label/scores.ts";
import type { LabelsPrediction } from "../../../tasks/multi-label/predictions.ts";
import { scoreText, wholeText } from "../../figures.ts";
import type { RunPanels } from "../panels.ts";
import { Probabilities } from "../single-label/Probabilities.tsx";
import styles from "../../run/panel.module.css";

/** Scores by label. */
export const multiLabelRun: RunPanels = {
  Mistakes: () => null,
  Scores: ({ report, labelNames }) => (
    <table className={styles.table}>
      <thead>
        <tr>
          {["Label", "Precision", "Recall", "F1", "Rows"].map((head) => (
            <th key={head}>{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(report as MultiLabelReport).labels.map(({ precision, recall, f1, support }, k) => (
          <tr key={labelNames[k]}>
            <th scope="row">{labelNames[k]}</th>
            {[precision, recall, f1].map((value, i) => (
              <td key={i}>{scoreText(value)}</td>
            ))}
            <td>{wholeText(support)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  ),
  scoreLines: {
    header: ["label or figure", "precision or value", "recall", "F1", "average precision", "threshold", "rows"],
    of: (report, labelNames) =>
      (report as MultiLabelReport).labels.map((scores, k) => [labelNames[k] ?? "", ...cellsOf(scores)]),
  },
  Errors: ({ results }) => {
    const { labelNames, truth, scores } = results;
    const { logits, thresholds, losses } = scores as LabelRowScores;
    const wrong = losses.reduce((count, _, row) => {
      const isWrong = labelNames.some((_, k) => {
        const at = row * labelNames.length + k;
        return 1 / (1 + Math.exp(-(logits[at] ?? NaN))) >= (thresholds[k] ?? NaN) !== (truth.labels[at] === 1);
      });
      return count + Number(isWrong);
    }, 0);
    return (
      <p role="status">
        {wholeText(wrong)} of {wholeText(losses.length)} validation rows have a wrong label. predictions.csv of the
        download lists all rows.
      </p>
    );
  },
  Prediction: ({ labelNames, prediction, stale }) => {
    const { labels, probabilities } = prediction as LabelsPrediction;
    return (
      <>
        <p>{labels.length === 0 ? "No label." : labels.join(", ")}</p>
        <Probabilities answer={{ labelNames, probabilities }} stale={stale} />
      </>
    );
  },
  columns: () => ({ header: [], cellsOf: () => [] }),
  files: [],
};

function cellsOf({ precision, recall, f1, averagePrecision, threshold, support }: LabelScores): number[] {
  return [precision, recall, f1, averagePrecision ?? NaN, threshold, support];
}
