import { isListCell, labelsOfObject, marksWidth } from "../../data/cell-labels.ts";
import { areOnlyOnes, markOf } from "../../data/label-marks.ts";
import type { Texts } from "../../io/text-column.ts";

/** How a table writes its labels: what is read of its cells, so that others can be written alike. */
interface LabelForm {
  cells: readonly Texts[];
  /** Names of the columns, which are labels where there are several. */
  names: readonly string[];
  /** What stands between labels in one cell; null where nothing does. */
  separator: string | null;
}

/**
 * The label cells of a row that has some labels, in the form of the other rows' cells: a mark in each column, a list of
 * marks, an object, a list, or labels with a separator.
 *
 * @param labelNames all labels, in their order
 */
export function writtenLabels(
  { cells, names, separator }: LabelForm,
  labels: readonly string[],
  labelNames: readonly string[],
): string[] {
  if (cells.length > 1) return cells.map((column, place) => markIn(column, names[place] ?? "", labels));
  const [only = []] = cells;
  const marks = labelNames.map((name) => (labels.includes(name) ? 1 : 0));
  if (marksWidth(only) !== null) return [`[${marks.join(", ")}]`];
  const own = labelNames.filter((name) => labels.includes(name));
  const filled = firstFilled(only);
  if (labelsOfObject(filled) !== null) {
    return [JSON.stringify(Object.fromEntries(labelNames.map((name, k) => [name, marks[k]])))];
  }
  if (isListCell(filled) || (separator === null && own.length !== 1))
    return [own.length > 0 || isListCell(filled) ? JSON.stringify(own) : ""];
  if (separator === null) return own;
  const spaced = only.length > 0 && someCell(only, (cell) => cell.includes(`${separator} `));
  const parts = own.map((name) => (name.includes(separator) ? `"${name.replaceAll('"', '""')}"` : name));
  return [parts.join(spaced && !/\s$/.test(separator) ? `${separator} ` : separator)];
}

/** The mark that a column has for its label, or for its absence: the first that another row has, else 1 or 0. */
function markIn(column: Texts, label: string, labels: readonly string[]): string {
  const wanted = labels.includes(label) ? 1 : 0;
  const values = new Set(column);
  for (const value of values) if (value.trim() !== "" && markOf(value, label) === wanted) return value;
  const filled = [...values].filter((value) => value.trim() !== "");
  return wanted === 0 && areOnlyOnes(filled, label) ? "" : String(wanted);
}

function firstFilled(column: Texts): string {
  for (const cell of column) if (cell.trim() !== "") return cell;
  return "";
}

function someCell(column: Texts, test: (cell: string) => boolean): boolean {
  for (const cell of column) if (test(cell)) return true;
  return false;
}
