import { lazy, memo, Suspense } from "react";
import type { DataSummary } from "../../../workers/protocol.ts";
import { manyClasses } from "../../classes/class-list.ts";
import { wholeText } from "../../figures.ts";
import { counted } from "../../../recipe/wording.ts";
import type { RowUses } from "../panels.ts";
import { classTotals } from "./class-totals.ts";
import { ClassBar, partsText } from "./ClassBar.tsx";
import styles from "../../setup/setup.module.css";

// Few tables have many classes, and what scrolls through them is not light.
const ManyClassBars = lazy(() => import("./ManyClassBars.tsx"));

const swatch = (color: string) => ({ "--swatch": color }) as React.CSSProperties;

interface ClassBarsProps {
  summary: DataSummary;
  title?: string;
  /** What the rows are for. */
  uses?: RowUses;
}

const ofTraining = { train: "for training", held: "for validation" };

/** Rows of each class, training and validation, as bars; the largest class fills the width. */
export const ClassBars = memo(function ClassBars({
  summary,
  title = "Rows per class",
  uses = ofTraining,
}: ClassBarsProps) {
  const { labelNames, trainRows, validationRows } = summary;
  return (
    <div>
      <h3 className={styles.subtitle}>{title}</h3>
      {labelNames.length < manyClasses ? (
        <FewClassBars summary={summary} title={title} uses={uses} />
      ) : (
        <Suspense fallback={<div className={styles.manyBars} />}>
          <ManyClassBars summary={summary} title={title} uses={uses} />
        </Suspense>
      )}
      <div className={styles.legend}>
        <span style={swatch("var(--bar)")}>
          {counted(trainRows, "row")} {uses.train}
        </span>
        <span style={swatch("var(--bar-quiet)")}>
          {wholeText(validationRows)} {uses.held}
        </span>
      </div>
    </div>
  );
});

function FewClassBars({ summary, title, uses }: Required<ClassBarsProps>) {
  const totals = classTotals(summary);
  const largest = Math.max(1, ...totals);
  return (
    <dl className={styles.bars} tabIndex={0} aria-label={title}>
      {summary.labelNames.map((name, i) => (
        <div key={name} style={{ display: "contents" }}>
          <dt className={styles.className} title={name}>
            {name}
          </dt>
          <dd aria-hidden>
            <ClassBar summary={summary} index={i} largest={largest} uses={uses} />
          </dd>
          <dd title={partsText(summary, i, uses)}>{wholeText(totals[i] ?? 0)}</dd>
        </div>
      ))}
    </dl>
  );
}
