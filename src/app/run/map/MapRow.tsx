import { useEffect, useState } from "react";
import { namesAt, type MappedPart, type RowMap } from "../../../insight/map/row-map.ts";
import type { RowText } from "../../../workers/protocol.ts";
import { figureText, wholeText } from "../../figures.ts";
import type { RowReader } from "../use-row-texts.ts";
import { joinedText } from "../use-row-texts.ts";
import { namesText } from "./coloring.ts";
import styles from "./map.module.css";

interface MapRowProps {
  session: RowReader;
  part: MappedPart;
  map: RowMap;
  /** Its place among the rows of the map. */
  row: number | null;
}

/** The row that is looked at: its text, label, prediction and loss. */
export function MapRow({ session, part, map, row }: MapRowProps) {
  const place = row === null ? null : (map.places[row] ?? null);
  const text = useRowText(session, part, place);
  if (row === null) {
    return (
      <div className={styles.row}>
        <p className={styles.note}>
          Point at a row, or go from row to row with the arrow keys, to read it here. + and − zoom, Shift with an arrow
          key moves, 0 shows all, Enter selects the row.
        </p>
      </div>
    );
  }
  const { label, predicted } = rowAnswers(map, row);
  return (
    <div className={styles.row} role="status">
      <p>
        {text ? `Line ${wholeText(text.line)}` : "…"} · label <strong>{label}</strong> · predicted{" "}
        <strong>{predicted}</strong> · loss {figureText(map.losses[row] ?? NaN)}
      </p>
      <p className={styles.text}>{joinedText(text ?? undefined)}</p>
    </div>
  );
}

/** Label and prediction of a row in words. */
export function rowAnswers({ numbers, labels, predicted }: RowMap, row: number): { label: string; predicted: string } {
  if (numbers) {
    return { label: figureText(numbers.truth[row] ?? NaN), predicted: figureText(numbers.predicted[row] ?? NaN) };
  }
  return { label: namesText(namesAt(labels, row)), predicted: namesText(namesAt(predicted, row)) };
}

/** The text of one row; null while it loads. A pointer passes many rows: only the one that it stays at is read. */
export function useRowText(session: RowReader, part: MappedPart, place: number | null): RowText | null {
  const [answer, setAnswer] = useState<{ place: number; text: RowText | null } | null>(null);
  useEffect(() => {
    if (place === null) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      session.rowTexts(part, [place]).then(
        ([text = null]) => wanted && setAnswer({ place, text }),
        () => undefined,
      );
    }, 40);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [session, part, place]);
  return answer?.place === place ? answer.text : null;
}
