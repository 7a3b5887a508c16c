import { labelsOfRow } from "./row-labels.ts";
import type { LabelledRows } from "./rows.ts";
import { WORD_WIDTH } from "./word-tokens.ts";

/**
 * A number for what each row is labelled as, the same for rows that are labelled alike, below `ids`. Words are labelled
 * alike where they have the same tags in the same order, wherever they stand.
 */
export function labelIds(rows: LabelledRows): { idOf: (row: number) => number; ids: number } {
  const { labels, labelNames, labelStart } = rows;
  const isClasses = labels instanceof Int32Array && labels.length === rows.texts.length && !labelStart;
  if (isClasses) return { idOf: (row) => labels[row] ?? 0, ids: labelNames.length };
  const known = new Map<string, number>();
  const all = Int32Array.from({ length: rows.texts.length }, (_, row) => {
    const own = labelsOfRow(rows, row);
    const key = (labelStart ? own.filter((_, at) => at % WORD_WIDTH === WORD_WIDTH - 1) : own).join(" ");
    const id = known.get(key) ?? known.size;
    known.set(key, id);
    return id;
  });
  return { idOf: (row) => all[row] ?? 0, ids: known.size };
}
