import type { DataSummary } from "../../workers/protocol.ts";
import { count, counted } from "../words.ts";
import styles from "./setup.module.css";

const swatch = (color: string) => ({ "--swatch": color }) as React.CSSProperties;

interface ClassBarsProps {
  summary: DataSummary;
  title?: string;
  /** What the rows are for. */
  uses?: { train: string; held: string };
}

const ofTraining = { train: "for training", held: "for validation" };

/** Rows of each class, training and validation, as bars; the largest class fills the width. */
export function ClassBars({ summary, title = "Rows per class", uses = ofTraining }: ClassBarsProps) {
  const { labelNames, trainCounts, validationCounts, trainRows, validationRows } = summary;
  const totals = labelNames.map((_, i) => (trainCounts[i] ?? 0) + (validationCounts[i] ?? 0));
  const largest = Math.max(1, ...totals);
  return (
    <div>
      <h3 className={styles.subtitle}>{title}</h3>
      <dl className={styles.bars} tabIndex={0} aria-label={title}>
        {labelNames.map((name, i) => (
          <div key={name} style={{ display: "contents" }}>
            <dt className={styles.className} title={name}>
              {name}
            </dt>
            <dd aria-hidden className={styles.barTrack}>
              <span className={styles.barTrain} style={{ width: `${(100 * (trainCounts[i] ?? 0)) / largest}%` }} />
              <span className={styles.barHeld} style={{ width: `${(100 * (validationCounts[i] ?? 0)) / largest}%` }} />
            </dd>
            <dd title={`${count(trainCounts[i] ?? 0)} ${uses.train}, ${count(validationCounts[i] ?? 0)} ${uses.held}`}>
              {count(totals[i] ?? 0)}
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles.legend}>
        <span style={swatch("var(--bar)")}>
          {counted(trainRows, "row")} {uses.train}
        </span>
        <span style={swatch("var(--bar-quiet)")}>
          {count(validationRows)} {uses.held}
        </span>
      </div>
    </div>
  );
}
