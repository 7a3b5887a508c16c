import { csvLine, type CsvStyle } from "../io/csv-cells.ts";
import type { LabelIssue } from "../insight/label-issues.ts";
import type { OutOfFold } from "./folds.ts";

/** Where a row stands in its table, and its cells as they are there. */
interface TableCells {
  /** From 1, without the header. */
  tableRow: number;
  text: string;
  pair: string | null;
}

type CellsOf = (row: number) => TableCells;

/**
 * out-of-fold.csv (RFC 4180, UTF-8): each row that a fold scored, in the order of the table, with its fold, its cells and
 * what the model of the other folds says of it, in the columns of the task.
 */
export function* outOfFoldCsv(
  { rows, foldOf, truth, scores, task }: OutOfFold,
  labelNames: readonly string[],
  cellsOf: CellsOf,
  style: CsvStyle = {},
): Generator<string> {
  const { header, cellsOf: predictedOf } = task.predictionColumns(truth, scores, labelNames);
  const hasPairs = rows.some((row) => cellsOf(row).pair !== null);
  yield csvLine(["row", "fold", "text", ...(hasPairs ? ["pair"] : []), ...header], style);
  for (const [place, row] of rows.entries()) {
    const { tableRow, text, pair } = cellsOf(row);
    const cells = [tableRow, foldOf[place] ?? 0, text, ...(hasPairs ? [pair ?? ""] : [])];
    yield csvLine([...cells, ...predictedOf(place)], style);
  }
}

/** label-issues.csv (RFC 4180, UTF-8): every row that was scored, the label in the most doubt first. */
export function* labelIssuesCsv(
  issues: readonly LabelIssue[],
  cellsOf: CellsOf,
  style: CsvStyle = {},
): Generator<string> {
  const hasPairs = issues.some(({ row }) => cellsOf(row).pair !== null);
  yield csvLine(["rank", "row", "label", "suggested", "score", "text", ...(hasPairs ? ["pair"] : [])], style);
  for (const [place, { row, label, suggested, score }] of issues.entries()) {
    const { tableRow, text, pair } = cellsOf(row);
    const cells = [place + 1, tableRow, label, suggested, Number(score.toPrecision(7)), text];
    yield csvLine([...cells, ...(hasPairs ? [pair ?? ""] : [])], style);
  }
}
