import type { DataSummary } from "../../../workers/protocol.ts";
import { wholeText } from "../../figures.ts";
import type { RowUses } from "../panels.ts";
import { partsOfClass } from "./class-totals.ts";
import styles from "../../setup/setup.module.css";

interface ClassBarProps {
  summary: DataSummary;
  index: number;
  /** Rows of the largest class, which fills the width. */
  largest: number;
  uses: RowUses;
}

/** Rows of one class, training and validation, as a bar. */
export function ClassBar({ summary, index, largest, uses }: ClassBarProps) {
  const [train, held] = partsOfClass(summary, index);
  return (
    <div aria-hidden className={styles.barTrack} title={partsText(summary, index, uses)}>
      <span className={styles.barTrain} style={{ width: `${(100 * train) / largest}%` }} />
      <span className={styles.barHeld} style={{ width: `${(100 * held) / largest}%` }} />
    </div>
  );
}

/** "80 for training, 20 for validation". */
export function partsText(summary: DataSummary, index: number, uses: RowUses): string {
  const [train, held] = partsOfClass(summary, index);
  return `${wholeText(train)} ${uses.train}, ${wholeText(held)} ${uses.held}`;
}
