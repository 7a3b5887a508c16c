import { groupRows } from "../groups.ts";
import { labelIds } from "../label-ids.ts";
import { takeRows } from "../label-rows.ts";
import type { LabelledRows } from "../rows.ts";
import { nearGroups } from "./near-duplicates.ts";
import { rowFields, type CleaningSteps, type RowField } from "../../recipe/cleaning-steps.ts";

/** A row that a step leaves out. */
interface DroppedRow {
  row: number;
  /** The row that it repeats or contradicts; null where a step looks at one row alone. */
  beside: number | null;
}

/** The rows that a step leaves out, in their order. */
export interface Dropped {
  field: RowField;
  isOn: boolean;
  rows: DroppedRow[];
}

/**
 * Which rows the steps of a recipe leave out, step by step: each looks at the rows that the ones before it left.
 *
 * @param tries also what a step that is off would leave out, which stays for the steps after it
 */
export function dropRows(
  rows: LabelledRows,
  steps: CleaningSteps,
  { tries = false } = {},
): { kept: Int32Array; dropped: Dropped[] } {
  const isKept = new Uint8Array(rows.texts.length).fill(1);
  const dropped: Dropped[] = [];
  for (const field of rowFields) {
    const isOn = steps[field] !== false && steps[field] !== "keep";
    if (!isOn && !tries) continue;
    const own = droppers[field](rows, isKept, steps);
    dropped.push({ field, isOn, rows: own });
    if (isOn) for (const { row } of own) isKept[row] = 0;
  }
  const all = Int32Array.from(isKept, (_, row) => row);
  return { kept: all.filter((row) => isKept[row] === 1), dropped };
}

type Dropper = (rows: LabelledRows, isKept: Uint8Array, steps: CleaningSteps) => DroppedRow[];

const droppers: Record<RowField, Dropper> = {
  dropWordless({ texts, pairs }, isKept) {
    const isWordless = (text: string | undefined) =>
      !/[\p{L}\p{N}\p{So}\p{Sc}\p{Emoji_Presentation}]/u.test(text ?? "");
    return alone(isKept, (row) => isWordless(texts.at(row)) || (pairs !== null && isWordless(pairs.at(row))));
  },
  contradictions(rows, isKept, { contradictions }) {
    const { groupOf } = groupRows(rows);
    const { idOf } = labelIds(rows);
    // By text and label, the number of rows and the first one of them.
    const counts = new Map<number, Map<number, number>>();
    const firsts = new Map<number, Map<number, number>>();
    for (let row = 0; row < groupOf.length; row++) {
      if (isKept[row] === 0) continue;
      const group = groupOf[row] ?? 0;
      const own = counts.get(group) ?? new Map<number, number>();
      own.set(idOf(row), (own.get(idOf(row)) ?? 0) + 1);
      counts.set(group, own);
      const first = firsts.get(group) ?? new Map<number, number>();
      if (!first.has(idOf(row))) first.set(idOf(row), row);
      firsts.set(group, first);
    }
    const found: DroppedRow[] = [];
    for (let row = 0; row < groupOf.length; row++) {
      if (isKept[row] === 0) continue;
      const group = groupOf[row] ?? 0;
      const own = counts.get(group) ?? new Map<number, number>();
      if (own.size < 2 || (contradictions === "majority" && idOf(row) === mostFrequent(own))) continue;
      const [, other = null] = [...(firsts.get(group) ?? [])].find(([label]) => label !== idOf(row)) ?? [];
      found.push({ row, beside: other });
    }
    return found;
  },
  dropDuplicates(rows, isKept) {
    return repeated(rows, groupRows(rows).groupOf, isKept);
  },
  dropNearDuplicates(rows, isKept) {
    const kept = Int32Array.from(isKept, (_, row) => row).filter((row) => isKept[row] === 1);
    const left = takeRows(rows, kept);
    return repeated(left, nearGroups(left).groupOf).map(({ row, beside }) => ({
      row: kept[row] ?? 0,
      beside: beside === null ? null : (kept[beside] ?? null),
    }));
  },
};

/** The rows with the group and the label of an earlier one. */
function repeated(rows: LabelledRows, groupOf: Int32Array, isKept?: Uint8Array): DroppedRow[] {
  const { idOf, ids } = labelIds(rows);
  const first = new Map<number, number>();
  const found: DroppedRow[] = [];
  for (let row = 0; row < groupOf.length; row++) {
    if (isKept?.[row] === 0) continue;
    const key = (groupOf[row] ?? 0) * ids + idOf(row);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, row);
    else found.push({ row, beside: earlier });
  }
  return found;
}

function alone(isKept: Uint8Array, isDropped: (row: number) => boolean): DroppedRow[] {
  const found: DroppedRow[] = [];
  isKept.forEach((kept, row) => {
    if (kept === 1 && isDropped(row)) found.push({ row, beside: null });
  });
  return found;
}

/** The label with the most rows; −1 where two have as many. */
function mostFrequent(counts: ReadonlyMap<number, number>): number {
  const [[label, most] = [-1, 0], [, second] = [-1, 0]] = [...counts].sort(([, a], [, b]) => b - a);
  return most > second ? label : -1;
}
