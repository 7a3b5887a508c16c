import { counted, quoted } from "../recipe/wording.ts";
import type { Cleaning, Finding } from "./summary.ts";

const SHOWN_ROWS = 20;

/** A test for cells that count as empty: nothing but spaces, and with `missingWords` also nan, NULL and the like. */
export function emptiness({ missingWords }: Cleaning): (cell: string | undefined) => boolean {
  // A search for a character that is no space makes no trimmed copy, which counts with a million rows.
  const isBlank = (cell = "") => !/[^\s\u200b\u200e\u200f\u2060\ufeff]/.test(cell);
  return missingWords ? (cell) => isBlank(cell) || isMissingWord(cell ?? "") : isBlank;
}

const missing = new Set(
  "nan null none n/a #n/a na n.a. n.a <na> #na nat nil missing undefined - -- — ? #null! #value! #ref! #div/0! (null) (none) [null] \"\" '' \\n".split(
    " ",
  ),
);

/** True for a cell that holds nothing but a word for a missing value, such as nan, NULL, N/A or a dash. */
export function isMissingWord(cell: string): boolean {
  return cell.length < 16 && missing.has(cell.trim().toLowerCase());
}

/** Words for a missing value among labels or texts, which stand for classes or are learned as texts otherwise. */
export function missingWordsFinding(
  what: "label" | "text",
  words: ReadonlyMap<string, number>,
  tableRows: number[],
): Finding[] {
  if (words.size === 0) return [];
  const rows = [...words.values()].reduce((sum, count) => sum + count, 0);
  const meaning = what === "label" ? "counts as a class" : "is learned as a text";
  return [
    {
      id: what === "label" ? "missing-word-labels" : "missing-word-texts",
      severity: "warning",
      text: `${counted(rows, "row has", "rows have")} a ${what} that is a word for a missing value (${quoted([...words.keys()])}), which ${meaning}.`,
      remedy: `Treat such words as missing, unless they mean something here.`,
      tableRows: tableRows.slice(0, SHOWN_ROWS),
      fix: { label: "Treat these words as missing", change: { cleaning: { missingWords: true } } },
    },
  ];
}

/** Rows without a label, which can be labelled once there is a model. */
export function unlabelledFinding(rows: number[]): Finding {
  const isOne = rows.length === 1;
  return {
    id: "empty-label",
    severity: "note",
    text: `${counted(rows.length, "row has", "rows have")} no label and ${isOne ? "is" : "are"} kept apart, not trained on.`,
    remedy: "They can be labelled in the table of rows, those that a model is least sure of first.",
    tableRows: rows.slice(0, SHOWN_ROWS),
  };
}

/** Rows that are left out for want of a text. */
export function droppedFinding(rows: number[]): Finding {
  return {
    id: "empty-text",
    severity: "note",
    text: `${counted(rows.length, "row has", "rows have")} no text and ${rows.length === 1 ? "is" : "are"} left out.`,
    remedy: "",
    tableRows: rows.slice(0, SHOWN_ROWS),
  };
}

/** Counts of the cells that are words for a missing value, and the table rows that have them. */
export class MissingWords {
  readonly words = new Map<string, number>();
  readonly rows: number[] = [];

  add(cell: string, tableRow: number): void {
    if (!isMissingWord(cell)) return;
    const word = cell.trim();
    this.words.set(word, (this.words.get(word) ?? 0) + 1);
    this.rows.push(tableRow);
  }
}
