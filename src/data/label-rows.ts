import { MappedTexts, PickedTexts, TextColumn, type Texts } from "../io/text-column.ts";
import { Int32List } from "../io/int32-list.ts";
import { groupsOf } from "./row-groups.ts";
import { takeLabels } from "./row-labels.ts";
import { droppedFinding, emptiness, MissingWords, missingWordsFinding, unlabelledFinding } from "./empty-cells.ts";
import type { LabelledRows, UnlabelledRows } from "./rows.ts";
import { timesOf } from "./time-values.ts";
import { labelColumns, type Cleaning, type ColumnChoice, type Finding } from "./summary.ts";
import { TargetList, type LabelColumns, type TargetReader } from "./targets.ts";

/** Rows ready for training or scoring, and counts of those left out. */
interface LabelledTable {
  rows: LabelledRows;
  /** Rows with a text whose label is empty. */
  unlabelled: UnlabelledRows;
  /** Rows left out because a text or label was empty or the label unknown. */
  droppedRows: number;
  findings: Finding[];
}

/** The parts of a table that rows are read from. */
interface LabelTable {
  columns: readonly string[];
  /** Cells by column and row. */
  cells: readonly Texts[];
  /** Rows (from 0) that a person dropped: they are in no count. */
  dropped?: ReadonlySet<number>;
}

/** Further options for reading rows. */
export interface LabelOptions {
  cleaning?: Partial<Cleaning>;
  /** Line of the file of each row of the table. */
  lines?: Int32Array | null;
  /** What is done to texts before anything is read of them. */
  clean?: ((text: string) => string) | null;
}

/**
 * Reads texts and targets out of a table. Rows with an empty text or label, or a label that is no target, are left out and
 * reported.
 *
 * @param reader of the task's targets
 * @param table its columns and cells; rows that were dropped from it are passed over
 * @param labelNames names of a head's outputs (of a validation file, or of an already fine-tuned classifier); null where
 * they are those that occur
 */
export function labelRows(
  reader: Pick<TargetReader, "read">,
  table: LabelTable,
  choice: ColumnChoice,
  labelNames: readonly string[] | null,
  { cleaning: given = {}, lines = null, clean = null }: LabelOptions = {},
): LabelledTable {
  const asked = labelColumnsOf(table, choice, given, clean);
  const { columns, cells, dropped } = table;
  const { texts, pairs, cells: labelCells, hasTexts, isEmpty } = asked;
  const targets = reader.read(asked, labelNames);

  const labels = new TargetList(targets, texts.length);
  const kept = new Int32List(texts.length);
  const emptyText: number[] = [];
  const emptyLabel: number[] = [];
  const missing = new MissingWords();
  for (let row = 0; row < texts.length; row++) {
    if (dropped?.has(row)) continue;
    const own = labelCells.map((column) => column.at(row) ?? "");
    if (!hasTexts(row)) emptyText.push(row + 1);
    else if (targets.isMissing?.(own) ?? own.some(isEmpty)) emptyLabel.push(row + 1);
    else {
      const target = targets.of(own, row + 1);
      if (target === undefined) continue;
      labels.push(target);
      kept.push(row);
      missing.add(texts.at(row) ?? "", row + 1);
    }
  }

  const findings: Finding[] = [];
  if (emptyText.length > 0) findings.push(droppedFinding(emptyText));
  if (emptyLabel.length > 0) findings.push(unlabelledFinding(emptyLabel));
  findings.push(...targets.findings(kept.length), ...missingWordsFinding("text", missing.words, missing.rows));
  const rows = kept.toArray();
  const groups = columnAt(cells, choice.group);
  const times = columnAt(cells, choice.time);
  const read = times && timesOf(rowsOf(times, rows));
  if (read?.isAmbiguous) findings.push(ambiguousTimes(columns[choice.time ?? -1] ?? ""));
  const ownTexts = targets.texts ?? texts;
  const withoutLabel = Int32Array.from(emptyLabel, (tableRow) => tableRow - 1);
  return {
    unlabelled: {
      texts: new PickedTexts(ownTexts, withoutLabel),
      pairs: pairs && new PickedTexts(pairs, withoutLabel),
      tableRows: Int32Array.from(emptyLabel),
    },
    rows: {
      texts: new PickedTexts(ownTexts, rows),
      pairs: pairs && new PickedTexts(pairs, rows),
      ...labels.toLabels(),
      labelNames: [...targets.labelNames],
      tableRows: rows.map((row) => row + 1),
      lines: lines && rows.map((row) => lines[row] ?? 0),
      ...(groups && { groups: groupsOf(groups, rows) }),
      ...(read && { times: read.values }),
    },
    droppedRows: texts.length - (dropped?.size ?? 0) - rows.length,
    findings,
  };
}

/** The rows at the given indices, in their order. */
export function takeRows(rows: LabelledRows, indices: Int32Array): LabelledRows {
  const { pairs, groups, times, together } = rows;
  return {
    texts: new PickedTexts(rows.texts, indices),
    pairs: pairs && new PickedTexts(pairs, indices),
    ...takeLabels(rows, indices),
    labelNames: rows.labelNames,
    tableRows: indices.map((index) => rows.tableRows[index] ?? 0),
    lines: rows.lines && indices.map((index) => rows.lines?.[index] ?? 0),
    ...(groups && { groups: { ...groups, of: indices.map((index) => groups.of[index] ?? 0) } }),
    ...(times && { times: Float64Array.from(indices, (index) => times[index] ?? NaN) }),
    ...(together && { together: { ...together, groupOf: indices.map((index) => together.groupOf[index] ?? 0) } }),
  };
}

const columnAt = (cells: readonly Texts[], place: number | null | undefined) =>
  place === null || place === undefined ? undefined : cells[place];

function* rowsOf(cells: Texts, rows: Int32Array): Generator<string> {
  for (const row of rows) yield cells.at(row) ?? "";
}

function ambiguousTimes(name: string): Finding {
  return {
    id: "ambiguous-times",
    severity: "warning",
    text: `No date of the column "${name}" says whether days or months come first; months were read first.`,
    remedy: "Write dates as 2024-12-31 where days come first.",
    tableRows: [],
  };
}

/** The cells of the chosen columns; a missing column has no cells. */
function chosenCells(cells: readonly Texts[], choice: ColumnChoice, clean: LabelOptions["clean"] = null) {
  const { text, pair } = choice;
  const column = (place: number): Texts => cells[place] ?? [];
  // Cleaned once, since texts are read several times.
  const texts = (place: number) =>
    clean === null ? column(place) : TextColumn.of(new MappedTexts(column(place), clean));
  return { text: texts(text), pair: pair === null ? null : texts(pair), labels: labelColumns(choice).map(column) };
}

/** What the tasks read of a table's label columns, and what of its texts says whether a row counts. */
function labelColumnsOf(
  { columns, cells }: LabelTable,
  choice: ColumnChoice,
  given: Partial<Cleaning>,
  clean: LabelOptions["clean"] = null,
): LabelColumns & { pairs: Texts | null } {
  const { text: texts, pair: pairs, labels } = chosenCells(cells, choice, clean);
  const cleaning = { mergeLabels: false, missingWords: false, ...given };
  const isEmpty = emptiness(cleaning);
  const hasTexts = (row: number) => !isEmpty(texts.at(row)) && (pairs === null || !isEmpty(pairs.at(row)));
  const names = labelColumns(choice).map((place) => columns[place] ?? "");
  const { separator = null, thousands } = choice;
  return { cells: labels, names, texts, pairs, separator, thousands, hasTexts, isEmpty, cleaning };
}

/** The labels of single rows of a table, and the cells of other labels. */
interface LabelCells {
  /** By the cells of a table of the same form (row from 0): the names of what a row has; its number where numbers are predicted; nothing where its cells say nothing. */
  labelsOf: (cells: readonly Texts[], row: number) => readonly string[];
  /** The cells of a row with these labels, by the label columns; null where the task has none that a person can choose. */
  write: ((labels: readonly string[]) => readonly string[]) | null;
}

/** Up to this many different label cells are remembered. */
const MOST_REMEMBERED = 20_000;

/** Reads and writes the labels of rows one by one. @param labelNames as `labelRows` found them */
export function labelCellsOf(
  reader: Pick<TargetReader, "read" | "write">,
  table: LabelTable,
  choice: ColumnChoice,
  labelNames: readonly string[],
  cleaning: Partial<Cleaning> = {},
): LabelCells {
  const asked = labelColumnsOf(table, choice, cleaning);
  const targets = reader.read(asked, labelNames);
  const { numbers, width } = targets;
  const { write } = reader;
  const columns = labelColumns(choice);
  const known = new Map<string, readonly string[]>();
  const read = (own: readonly string[], row: number): readonly string[] => {
    if (width === "any" || (targets.isMissing?.(own) ?? own.some(asked.isEmpty))) return [];
    const target = targets.of(own, row + 1);
    if (target === undefined) return [];
    if (typeof target !== "number") return labelNames.filter((_, place) => target[place] === 1);
    return numbers === "classes" ? [labelNames[target] ?? ""] : [(own[0] ?? "").trim()];
  };
  return {
    labelsOf(cells, row) {
      const own = columns.map((column) => cells[column]?.at(row) ?? "");
      const key = own.join("\n");
      const found = known.get(key) ?? read(own, row);
      if (known.size < MOST_REMEMBERED) known.set(key, found);
      return found;
    },
    write: write ? (labels) => write(asked, labels, labelNames) : null,
  };
}
