import type { NumberSummary } from "../../../tasks/regression/number-summary.ts";
import { valueText } from "../../../tasks/regression/value-text.ts";
import type { DataSummary } from "../../../workers/protocol.ts";
import type { SetupPanels } from "../panels.ts";
import styles from "../../setup/setup.module.css";

const numbersOf = ({ targets }: DataSummary) => targets as NumberSummary;

function rowsText(summary: DataSummary): string {
  const { least, most, mean } = numbersOf(summary);
  return `numbers ${valueText(least)} to ${valueText(most)}, mean ${valueText(mean)}`;
}

/** The range of the numbers. */
export const regressionSetup: SetupPanels = {
  Rows: ({ summary, title = "Numbers" }) => (
    <div>
      <h3 className={styles.subtitle}>{title}</h3>
      <p>{rowsText(summary)}</p>
    </div>
  ),
  rowsText,
  supports: () => [],
};
