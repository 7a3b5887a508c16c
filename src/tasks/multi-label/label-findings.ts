import type { Finding } from "../../data/summary.ts";
import { counted, quoted } from "../../recipe/wording.ts";

const SHOWN_ROWS = 20;

/** Rows with a cell that is no mark; `cells` are those. */
export function unreadFinding(rows: readonly number[], cells: ReadonlySet<string>, nothingLeft: boolean): Finding[] {
  if (rows.length === 0) return [];
  return [
    {
      id: "unread-labels",
      severity: nothingLeft ? "blocking" : "warning",
      text: `${counted(rows.length, "row has", "rows have")} a label cell that is neither 0 nor 1 (${quoted([...cells], 3)}) and ${rows.length === 1 ? "is" : "are"} left out.`,
      remedy: "Write 1 where a row has the label, and 0 where it has not.",
      tableRows: rows.slice(0, SHOWN_ROWS),
    },
  ];
}

/** Labels without names, in lists of marks. */
export function vectorFinding(labelNames: readonly string[]): Finding {
  return {
    id: "unnamed-labels",
    severity: "warning",
    text: `Each cell is a list of ${labelNames.length} marks of 0 and 1, one for each label, without names: they are called ${quoted(labelNames, 3)}.`,
    remedy: "Write the names of the labels that a row has in place of the marks: they are what the model says.",
    tableRows: [],
  };
}

/** Labels that the model does not know, with the rows that have them. */
export function unknownFinding(unknown: ReadonlyMap<string, number[]>, known: readonly string[]): Finding[] {
  if (unknown.size === 0) return [];
  const rows = [...new Set([...unknown.values()].flat())].sort((a, b) => a - b);
  return [
    {
      id: "unknown-validation-labels",
      severity: "warning",
      text: `${counted(unknown.size, "label is", "labels are")} not among those that are learned, and left out of ${counted(rows.length, "row")}: ${quoted([...unknown.keys()], 10)}; learned are ${quoted(known, 10)}.`,
      remedy: "Check that labels are spelt alike in both files.",
      tableRows: rows.slice(0, SHOWN_ROWS),
    },
  ];
}
