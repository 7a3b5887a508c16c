import { isObject } from "../io/json-object.ts";
import { cellValue } from "./cell-value.ts";
import { markOf } from "./label-marks.ts";

/** A tuple or a set as Python prints it, of texts; or an empty one. */
const TUPLE = /^\s*(?:[({]\s*(?:(['"])[\s\S]*\1\s*,?\s*)?[)}]|set\(\))\s*$/;
const LIST = /^\s*\[[\s\S]*\]\s*$/;
/** A list of words without quotes. */
const BARE = /^\s*\[([^[\]{}()'"]*)\]\s*$/;

/** Whether a cell is a list, in JSON or as Python prints lists, tuples and sets. */
export const isListCell = (cell: string): boolean => LIST.test(cell) || TUPLE.test(cell);

/** The entries of a list written as JSON, or as Python or NumPy prints it; empty where the cell is no list. */
export function entriesOfList(cell: string): string[] {
  if (!isListCell(cell)) return [];
  const bare = BARE.exec(cell)?.[1];
  if (bare !== undefined && !/^[\s\d,.eE+-]*$/.test(bare)) return bareEntries(bare);
  // A set looks like an object without values.
  const value = cellValue(cell) ?? cellValue(cell.trim().replace(/^\{([\s\S]*)\}$/, "[$1]"));
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).map((entry) => (typeof entry === "string" ? entry : JSON.stringify(entry)));
}

/** The words of a list without quotes: with commas between them; else tags, or one label of several words. */
function bareEntries(list: string): string[] {
  const words = list.split(/\s+/);
  const areTags = words.every((word) => /^(O|[BIESLUM]-\S+)?$/.test(word));
  const parts = list.includes(",") ? list.split(",") : areTags ? words : [list];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** The labels of a cell that holds several: a list, an object with a mark for each label, or labels with a separator. */
export function labelsOfCell(cell: string, delimiter: string | null): string[] {
  const parts =
    labelsOfObject(cell) ??
    (isListCell(cell)
      ? entriesOfList(cell).filter((entry) => entry !== "null" && entry !== "None")
      : delimiter === null
        ? [cell]
        : partsOf(cell, delimiter));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** The parts of a cell between separators; a part in double quotes may hold the separator. */
export function partsOf(cell: string, delimiter: string): string[] {
  if (!cell.includes('"')) return cell.split(delimiter);
  const parts: string[] = [];
  let rest = cell;
  for (;;) {
    const quotedPart = /^\s*"((?:[^"]|"")*)"\s*/.exec(rest);
    const after = quotedPart ? rest.slice(quotedPart[0].length) : "";
    const isWhole = quotedPart !== null && (after === "" || after.startsWith(delimiter));
    const end = isWhole ? rest.length - after.length : rest.indexOf(delimiter);
    parts.push(isWhole ? (quotedPart[1] ?? "").replaceAll('""', '"') : rest.slice(0, end < 0 ? rest.length : end));
    if (end < 0 || end >= rest.length) return parts;
    rest = rest.slice(end + delimiter.length);
  }
}

/** The labels whose mark is 1 in an object with a mark for each label; null where the cell is no such object. */
export function labelsOfObject(cell: string): string[] | null {
  if (!/^\s*\{/.test(cell)) return null;
  const value = cellValue(cell);
  if (!isObject(value)) return null;
  const marks = Object.entries(value).map(([label, mark]) => [label, markOf(String(mark), label)] as const);
  if (marks.length === 0 || marks.some(([, mark]) => mark === undefined)) return null;
  return marks.flatMap(([label, mark]) => (mark === 1 ? [label] : []));
}

/** A list of marks, one for each label in the same order in every row, such as [0, 1, 1]; null where it is something else. */
export function marksOfList(cell: string): (0 | 1)[] | null {
  if (!LIST.test(cell)) return null;
  const marks = entriesOfList(cell).map((entry) => (/^(0|1|true|false)$/i.test(entry) ? markOf(entry, "") : undefined));
  return marks.every((mark) => mark !== undefined) ? marks : null;
}

/**
 * Number of labels of a column of lists of marks; null where lists hold labels. Numbers of labels do not come twice in a
 * list, and lists of them have different lengths.
 */
export function marksWidth(cells: Iterable<string>): number | null {
  let width: number | null = null;
  let repeats = false;
  for (const cell of cells) {
    if (cell.trim() === "") continue;
    const marks = marksOfList(cell);
    if (marks === null || marks.length < 2 || (width !== null && marks.length !== width)) return null;
    width = marks.length;
    repeats ||= new Set(marks).size < marks.length;
  }
  return repeats ? width : null;
}
