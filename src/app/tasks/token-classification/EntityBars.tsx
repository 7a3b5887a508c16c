import type { CSSProperties } from "react";
import { counted } from "../../../recipe/wording.ts";
import type { EntitySummary } from "../../../tasks/token-classification/entity-counts.ts";
import type { DataSummary } from "../../../workers/protocol.ts";
import { wholeText } from "../../figures.ts";
import type { RowUses } from "../panels.ts";
import styles from "../../setup/setup.module.css";

interface EntityBarsProps {
  summary: DataSummary;
  title?: string;
  uses?: RowUses;
}

const ofTraining = { train: "for training", held: "for validation" };
const swatch = (color: string) => ({ "--swatch": color }) as CSSProperties;

/** Entities of each type in both parts, as bars; the type with the most fills the width. */
export function EntityBars({ summary, title = "Entities per type", uses = ofTraining }: EntityBarsProps) {
  const { types } = summary.targets as EntitySummary;
  const largest = Math.max(1, ...types.map(({ train, validation }) => train + validation));
  const [train, held] = (["train", "validation"] as const).map((part) =>
    types.reduce((sum, type) => sum + type[part], 0),
  );
  const parts = (own: { train: number; validation: number }) =>
    `${wholeText(own.train)} ${uses.train}, ${wholeText(own.validation)} ${uses.held}`;
  return (
    <div>
      <h3 className={styles.subtitle}>{title}</h3>
      <dl className={styles.bars} tabIndex={0} aria-label={title}>
        {types.map((own) => (
          <div key={own.type} style={{ display: "contents" }}>
            <dt className={styles.className} title={own.type}>
              {own.type}
            </dt>
            <dd aria-hidden>
              <div className={styles.barTrack} title={parts(own)}>
                <span className={styles.barTrain} style={{ width: `${(100 * own.train) / largest}%` }} />
                <span className={styles.barHeld} style={{ width: `${(100 * own.validation) / largest}%` }} />
              </div>
            </dd>
            <dd title={parts(own)}>{wholeText(own.train + own.validation)}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.legend}>
        <span style={swatch("var(--bar)")}>
          {counted(train ?? 0, "entity", "entities")} {uses.train}
        </span>
        <span style={swatch("var(--bar-quiet)")}>
          {wholeText(held ?? 0)} {uses.held}
        </span>
      </div>
    </div>
  );
}
