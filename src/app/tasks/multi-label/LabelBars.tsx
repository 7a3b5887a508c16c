import type { LabelCounts } from "../../../tasks/multi-label/label-counts.ts";
import type { DataSummary } from "../../../workers/protocol.ts";
import { ClassBars } from "../classes/ClassBars.tsx";
import type { RowUses } from "../panels.ts";
import styles from "../../setup/setup.module.css";

/** Rows of each label as bars, and how many labels a row has. */
export function LabelBars(props: { summary: DataSummary; title?: string; uses?: RowUses }) {
  const { labelsPerRow } = props.summary.targets as LabelCounts;
  return (
    <div>
      <ClassBars title="Rows per label" {...props} />
      <p className={styles.leftOut}>
        {labelsPerRow.toFixed(2)} labels per row on average; a row counts for each of its labels.
      </p>
    </div>
  );
}
