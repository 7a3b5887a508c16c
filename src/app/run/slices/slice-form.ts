import type { SlicedColumn, SliceQuery } from "../../../insight/slices.ts";

/** What a slice can be made by, and how it is called. */
export const sliceKinds: readonly { by: SliceQuery["by"]; label: string }[] = [
  { by: "contains", label: "contains a word" },
  { by: "matches", label: "matches an expression" },
  { by: "length", label: "length in words" },
  { by: "label", label: "label" },
  { by: "column", label: "value of a column" },
  { by: "range", label: "range of a column" },
];

/** The fields of the form as they are typed. */
export interface SliceDraft {
  by: SliceQuery["by"];
  /** A word, an expression, a label or a value. */
  text: string;
  column: string;
  from: string;
  to: string;
}

/** The condition of a form, or what is missing in it. */
export function queryOf({ by, text, column, from, to }: SliceDraft): { query: SliceQuery } | { missing: string } {
  switch (by) {
    case "contains":
      return text.trim() === "" ? { missing: "Type a word." } : { query: { by, word: text.trim() } };
    case "matches":
      return expressionOf(text);
    case "label":
      return text === "" ? { missing: "Choose a label." } : { query: { by, label: text } };
    case "column":
      return column === "" ? { missing: "Choose a column." } : { query: { by, column, value: text.trim() } };
    case "range":
      if (column === "") return { missing: "Choose a column." };
      break;
    case "length":
      break;
  }
  const [least, most] = [numberOf(from, -Infinity), numberOf(to, Infinity)];
  if (Number.isNaN(least) || Number.isNaN(most)) return { missing: "Type numbers, for example 10 and 20." };
  if (from.trim() === "" && to.trim() === "") return { missing: "Type a number in one of both fields at least." };
  if (least > most) return { missing: "The first number has to be the smaller one." };
  return { query: by === "length" ? { by, from: least, to: most } : { by, column, from: least, to: most } };
}

/** The columns that a kind of slice can be made by. */
export function columnsFor(by: SliceQuery["by"], columns: readonly SlicedColumn[]): SlicedColumn[] {
  return by === "range" ? columns.filter(({ areNumbers }) => areNumbers) : [...columns];
}

function expressionOf(text: string): { query: SliceQuery } | { missing: string } {
  if (text === "") return { missing: "Type a regular expression, for example \\d{4}." };
  try {
    new RegExp(text, "iu");
    return { query: { by: "matches", expression: text } };
  } catch (error) {
    return {
      missing: `No regular expression of JavaScript: ${error instanceof Error ? error.message : String(error)}.`,
    };
  }
}

function numberOf(text: string, empty: number): number {
  return text.trim() === "" ? empty : Number(text.trim().replace(",", "."));
}
