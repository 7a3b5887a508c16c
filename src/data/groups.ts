import type { LabelValues } from "./row-labels.ts";
import type { LabelledRows, TextGroups } from "./rows.ts";

type RowTexts = Pick<LabelledRows, "texts" | "pairs">;

/**
 * Rows with the same text (and second text) get the same group number.
 *
 * @returns `groupOf` [rows], numbers from 0 in order of first appearance, and their `count`
 */
export function groupRows(rows: RowTexts): TextGroups {
  const groupOf = new Int32Array(rows.texts.length);
  // A table of hashes in typed arrays, because a map would keep a million texts as strings. Among a million different
  // texts, two share a hash of 64 bits once in 37 million tables.
  const [low, high] = [new Int32Array(groupOf.length), new Int32Array(groupOf.length)];
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * groupOf.length + 1))).fill(-1);
  let count = 0;
  for (let row = 0; row < groupOf.length; row++) {
    const [first, second] = hashesOf(rowKey(rows, row));
    let slot = first & (slots.length - 1);
    let group = slots[slot] ?? -1;
    while (group >= 0 && (low[group] !== first || high[group] !== second)) {
      slot = (slot + 1) & (slots.length - 1);
      group = slots[slot] ?? -1;
    }
    if (group < 0) {
      group = count++;
      slots[slot] = group;
      low[group] = first;
      high[group] = second;
    }
    groupOf[row] = group;
  }
  return { groupOf, count };
}

/** The rows that stay on one side of a split: those with equal texts, or near duplicates where these do. */
export function togetherOf(rows: LabelledRows): TextGroups {
  return rows.together ?? groupRows(rows);
}

/** Two hashes of 32 bits, of two kinds, over the UTF-16 units: FNV-1a, and multiply and add, mixed at the end. */
export function hashesOf(text: string): [number, number] {
  let first = 0x811c9dc5 | 0;
  let second = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, 0x01000193);
    second = (Math.imul(second, 0x5bd1e995) + code) | 0;
    second ^= second >>> 15;
  }
  return [first ^ (first >>> 16), second];
}

/** A string that is equal for two rows exactly when their texts are; the length separates the two texts. */
export function rowKey(rows: RowTexts, row: number): string {
  const text = rows.texts.at(row) ?? "";
  return rows.pairs === null ? text : `${text.length}:${text}${rows.pairs.at(row) ?? ""}`;
}

/** Number of rows of each class: [classes]. */
export function countLabels(labels: LabelValues, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
