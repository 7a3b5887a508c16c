import { labelsOfRow, type RowLabels } from "../data/row-labels.ts";
import { WORD_WIDTH } from "../data/word-tokens.ts";
import { csvLine, type CsvStyle } from "../io/csv-cells.ts";
import type { Task } from "../tasks/task.ts";
import { regionAt, regionNames, type MappedRows, type Region } from "./data-map.ts";

/** A data map with what each row is labelled with. */
export interface DataMap extends MappedRows {
  /** In words: a class, labels parted by "; ", or the tags of all words [rows]. */
  labels: string[];
}

/** Where a row stands in its table, and its cells as they are there. */
interface TableCells {
  /** From 1, without the header. */
  tableRow: number;
  text: string;
  pair: string | null;
}

/** What a row is labelled with, in words. */
export function givenText(
  { asks, scoredBy }: Pick<Task, "asks" | "scoredBy">,
  truth: RowLabels,
  labelNames: readonly string[],
  row: number,
): string {
  const own = labelsOfRow(truth, row);
  if (asks === "words") {
    const tags = Array.from({ length: own.length / WORD_WIDTH }, (_, word) => own[WORD_WIDTH * word + 2] ?? -1);
    return tags.map((tag) => labelNames[tag] ?? "").join(" ");
  }
  if (scoredBy === "sigmoid") return labelNames.filter((_, label) => (own[label] ?? 0) > 0).join("; ");
  return labelNames[own[0] ?? -1] ?? "";
}

// Seven digits are what a float32 holds.
const sevenDigits = (value = NaN) => Number(value.toPrecision(7));

/** data-map.csv (RFC 4180, UTF-8): every training row without changed copies, in the order of the table. */
export function* dataMapCsv(
  map: DataMap,
  cellsOf: (row: number) => TableCells,
  style: CsvStyle = {},
): Generator<string> {
  const rows = map.labels.length;
  const hasPairs = Array.from({ length: rows }, (_, row) => cellsOf(row).pair !== null).includes(true);
  const header = ["row", "label", "confidence", "variability", "correctness", "region", "text"];
  yield csvLine([...header, ...(hasPairs ? ["pair"] : [])], style);
  for (let row = 0; row < rows; row++) {
    const { tableRow, text, pair } = cellsOf(row);
    const figures = [map.confidence, map.variability, map.correctness].map((values) => sevenDigits(values[row]));
    const cells = [tableRow, map.labels[row] ?? "", ...figures, regionAt(map, row), text];
    yield csvLine([...cells, ...(hasPairs ? [pair ?? ""] : [])], style);
  }
}

/** Number of rows in each region. */
export function regionCounts({ regions }: Pick<MappedRows, "regions">): Record<Region, number> {
  const counts = { easy: 0, ambiguous: 0, hard: 0 };
  for (const region of regions) counts[regionNames[region] ?? "easy"]++;
  return counts;
}
