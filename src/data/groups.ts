import type { LabelledRows } from "./rows.ts";

/**
 * Rows with the same text (and second text) get the same group number.
 *
 * @returns `groupOf` [rows], numbers from 0 in order of first appearance, and their `count`
 */
export function groupRows(rows: LabelledRows): { groupOf: Int32Array; count: number } {
  const groups = new Map<string, number>();
  const groupOf = new Int32Array(rows.texts.length);
  for (let row = 0; row < groupOf.length; row++) {
    const key = rowKey(rows, row);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = groups.size));
    groupOf[row] = group;
  }
  return { groupOf, count: groups.size };
}

/** A string that two rows share exactly when their texts are equal; the length keeps the two texts apart. */
export function rowKey(rows: LabelledRows, row: number): string {
  const text = rows.texts[row] ?? "";
  return rows.pairs === null ? text : `${text.length}:${text}${rows.pairs[row] ?? ""}`;
}

/** Number of rows of each class: [classes]. */
export function countLabels(labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
