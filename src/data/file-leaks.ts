import { counted } from "../recipe/wording.ts";
import { rowKey } from "./groups.ts";
import { takeRows } from "./label-rows.ts";
import { leaksBetween } from "./leaks.ts";
import type { LabelledRows } from "./rows.ts";
import type { Finding } from "./summary.ts";
import type { TargetReader } from "./targets.ts";

/** What is done no longer with rows that stand in the file of validation or test rows. */
const uses = {
  validation: { id: "leaked-validation-rows", row: "training row", are: "trained on" },
  test: { id: "leaked-test-rows", row: "row", are: "trained or validated on" },
} as const;

/** Near duplicates across a split. */
export const leaksOf = (train: LabelledRows, validation: LabelledRows) =>
  leaksBetween([
    { name: "train", rows: train },
    { name: "validation", rows: validation },
  ]);

/** The table rows of rows that are near duplicates of held-out rows. */
function nearRows(train: LabelledRows, validation: LabelledRows): Set<number> {
  const near = new Set<number>();
  let left = train;
  // A list of pairs that ends early names some rows; without these it goes on.
  for (let leaks = leaksOf(left, validation); leaks.pairs.length > 0; leaks = leaksOf(left, validation)) {
    for (const { first } of leaks.pairs) near.add(first.row);
    left = takeRows(
      left,
      Int32Array.from(left.tableRows.keys()).filter((row) => !near.has(left.tableRows[row] ?? 0)),
    );
  }
  return near;
}

/**
 * The rows without those whose text is in a file of held-out rows too, because memorized rows must not be scored.
 *
 * @param areNear whether near duplicates of those are left out as well
 */
export function removeLeaks(
  rows: LabelledRows,
  held: LabelledRows,
  targets: TargetReader,
  { of, areNear }: { of: keyof typeof uses; areNear: boolean },
): { rows: LabelledRows; findings: Finding[] } {
  const texts = new Set<string>();
  for (let row = 0; row < held.texts.length; row++) texts.add(rowKey(held, row));
  const near = areNear ? nearRows(rows, held) : null;
  const kept: number[] = [];
  const leaked: number[] = [];
  for (let row = 0; row < rows.texts.length; row++) {
    const isLeaked = texts.has(rowKey(rows, row)) || near?.has(rows.tableRows[row] ?? 0);
    (isLeaked ? leaked : kept).push(row);
  }
  if (leaked.length === 0) return { rows, findings: [] };
  const left = takeRows(rows, Int32Array.from(kept));
  const lacks = targets.lacks(left);
  const { id, row, are } = uses[of];
  const finding: Finding = {
    id,
    severity: lacks !== null ? "blocking" : "warning",
    text: `${counted(leaked.length, `${row} stands`, `${row}s stand`)} in the ${of} file too${areNear ? ", or nearly," : ""} and ${leaked.length === 1 ? "is" : "are"} not ${are}.`,
    remedy:
      lacks !== null
        ? `Choose a ${of} file with other rows: ${lacks}.`
        : "Nothing has to be done; scores would be too good otherwise.",
    tableRows: leaked.slice(0, 20).map((one) => rows.tableRows[one] ?? 0),
  };
  return { rows: left, findings: [finding] };
}
