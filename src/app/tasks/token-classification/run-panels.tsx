import type { EntityPrediction } from "../../../tasks/token-classification/predictions.ts";
import type { TokenReport } from "../../../tasks/token-classification/metrics.ts";
import { percentText, scoreText, wholeText } from "../../figures.ts";
import type { RunPanels } from "../panels.ts";
import { EntityErrors } from "./EntityErrors.tsx";
import styles from "../../run/panel.module.css";

/** Scores by type of entity. */
export const tokenClassificationRun: RunPanels = {
  Mistakes: () => null,
  Scores: ({ report }) => (
    <table className={styles.table}>
      <thead>
        <tr>
          {["Type", "Precision", "Recall", "F1", "Entities"].map((head) => (
            <th key={head}>{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(report as TokenReport).types.map(({ type, precision, recall, f1, support }) => (
          <tr key={type}>
            <th scope="row">{type}</th>
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
    header: ["type or figure", "precision or value", "recall", "F1", "entities"],
    of: (report) =>
      (report as TokenReport).types.map(({ type, precision, recall, f1, support }) => [
        ...[type, precision, recall, f1, support],
      ]),
  },
  Errors: EntityErrors,
  Prediction: ({ prediction, stale }) => {
    const { entities } = prediction as EntityPrediction;
    return (
      <ul role="status" style={{ opacity: stale ? 0.4 : 1 }}>
        {entities.length === 0 && <li>No entity.</li>}
        {entities.map(({ label, text, start, score }) => (
          <li key={start}>
            {text} <strong>{label}</strong> {percentText(score)}
          </li>
        ))}
      </ul>
    );
  },
  columns: () => ({ header: [], cellsOf: () => [] }),
  files: [],
};
