import { counted } from "../recipe/wording.ts";
import { groupRows } from "./groups.ts";
import { labelIds } from "./label-ids.ts";
import type { LabelledRows } from "./rows.ts";
import type { Finding } from "./summary.ts";

const SHOWN_ROWS = 20;

/** Exact duplicates, and texts that stand under more than one label. */
export function repeatedTexts(rows: LabelledRows): Finding[] {
  const { groupOf, count } = groupRows(rows);
  const { idOf, ids } = labelIds(rows);
  const firstLabel = new Int32Array(count).fill(-1);
  const conflicting = new Uint8Array(count);
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? 0;
    const label = idOf(row);
    if (firstLabel[group] === -1) firstLabel[group] = label;
    else if (firstLabel[group] !== label) conflicting[group] = 1;
  }

  // A group with one label needs a byte; only of others are the labels remembered.
  const seenGroup = new Uint8Array(count);
  const seen = new Set<number>();
  let duplicates = 0;
  const duplicateRows: number[] = [];
  const conflictingByGroup = new Map<number, number[]>();
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? 0;
    const tableRow = rows.tableRows[row] ?? 0;
    if (conflicting[group] === 1) {
      const shown = conflictingByGroup.get(group);
      if (shown === undefined) conflictingByGroup.set(group, [tableRow]);
      else shown.push(tableRow);
    }
    // The same text under the same label again.
    const key = group * ids + idOf(row);
    const isRepeated = conflicting[group] === 1 ? seen.has(key) : seenGroup[group] === 1;
    if (isRepeated) {
      duplicates++;
      if (duplicateRows.length < SHOWN_ROWS) duplicateRows.push(tableRow);
    } else if (conflicting[group] === 1) seen.add(key);
    else seenGroup[group] = 1;
  }

  const findings: Finding[] = [];
  if (duplicates > 0) {
    findings.push({
      id: "duplicates",
      severity: "note",
      text: `${counted(duplicates, "row repeats", "rows repeat")} an earlier one, text and label alike. Equal texts stay together: none is in both training and validation.`,
      remedy: "",
      tableRows: duplicateRows,
    });
  }
  if (conflictingByGroup.size > 0) {
    findings.push({
      id: "conflicting-labels",
      severity: "warning",
      text: `${counted(conflictingByGroup.size, "text stands", "texts stand")} under more than one label.`,
      remedy: "Decide on one label for each: such rows cannot all be right, and they cap the accuracy.",
      // Rows of one text stand side by side, so that the labels can be compared.
      tableRows: [...conflictingByGroup.values()].flat().slice(0, SHOWN_ROWS),
    });
  }
  return findings;
}
