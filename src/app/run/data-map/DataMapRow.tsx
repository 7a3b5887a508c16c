import { regionAt } from "../../../insight/data-map.ts";
import type { DataMap } from "../../../insight/data-map-lines.ts";
import type { Session } from "../../../workers/session.ts";
import { scoreText, wholeText } from "../../figures.ts";
import styles from "../map/map.module.css";
import { useRowText } from "../map/MapRow.tsx";
import { joinedText } from "../use-row-texts.ts";

/** The row that is looked at: its text, label and figures. */
export function DataMapRow({ session, map, row }: { session: Session; map: DataMap; row: number | null }) {
  const text = useRowText(session, "train", row);
  if (row === null) {
    return (
      <div className={styles.row}>
        <p className={styles.note}>
          Point at a row, or go from row to row with the arrow keys, to read it here. Press a region, or draw around
          rows, to list them alone. + and − zoom, Shift with an arrow key moves, 0 shows all.
        </p>
      </div>
    );
  }
  return (
    <div className={styles.row} role="status">
      <p>
        {text ? `Row ${wholeText(text.tableRow)}` : "…"} · label <strong>{map.labels[row]}</strong> ·{" "}
        {regionAt(map, row)} · confidence {scoreText(map.confidence[row] ?? NaN)} · variability{" "}
        {scoreText(map.variability[row] ?? NaN)}
      </p>
      <p className={styles.text}>{joinedText(text ?? undefined)}</p>
    </div>
  );
}
