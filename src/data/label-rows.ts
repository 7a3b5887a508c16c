import { PickedTexts, type Texts } from "../io/text-column.ts";
import { Int32List } from "../io/int32-list.ts";
import { takeLabels } from "./row-labels.ts";
import { droppedFinding, emptiness, MissingWords, missingWordsFinding } from "./empty-cells.ts";
import type { LabelledRows } from "./rows.ts";
import { labelColumns, type Cleaning, type ColumnChoice, type Finding } from "./summary.ts";
import { TargetList, type TargetReader } from "./targets.ts";

/** Rows ready for training or scoring, and counts of those left out. */
interface LabelledTable {
  rows: LabelledRows;
  /** Rows left out because a text or label was empty or the label unknown. */
  droppedRows: number;
  findings: Finding[];
}

/** Further options for reading rows. */
export interface LabelOptions {
  cleaning?: Partial<Cleaning>;
  /** Line of the file of each row of the table. */
  lines?: Int32Array | null;
}

/**
 * Reads texts and targets out of a table. Rows with an empty text or label, or a label that is no target, are left out and
 * reported.
 *
 * @param reader of the task's targets
 * @param table its columns, and their cells by column and row
 * @param labelNames names of a head's outputs (of a validation file, or of an already fine-tuned classifier); null where
 * they are those that occur
 */
export function labelRows(
  reader: Pick<TargetReader, "read">,
  { columns, cells }: { columns: readonly string[]; cells: readonly Texts[] },
  choice: ColumnChoice,
  labelNames: readonly string[] | null,
  { cleaning: given = {}, lines = null }: LabelOptions = {},
): LabelledTable {
  const { text: texts, pair: pairs, labels: labelCells } = chosenCells(cells, choice);
  const cleaning = { mergeLabels: false, missingWords: false, ...given };
  const isEmpty = emptiness(cleaning);
  const hasTexts = (row: number) => !isEmpty(texts.at(row)) && (pairs === null || !isEmpty(pairs.at(row)));
  const names = labelColumns(choice).map((place) => columns[place] ?? "");
  const { separator = null, thousands } = choice;
  const asked = { cells: labelCells, names, texts, separator, thousands, hasTexts, isEmpty, cleaning };
  const targets = reader.read(asked, labelNames);

  const labels = new TargetList(targets, texts.length);
  const kept = new Int32List(texts.length);
  const emptyText: number[] = [];
  const emptyLabel: number[] = [];
  const missing = new MissingWords();
  for (let row = 0; row < texts.length; row++) {
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
  if (emptyText.length > 0) findings.push(droppedFinding("empty-text", "no text", emptyText));
  if (emptyLabel.length > 0) findings.push(droppedFinding("empty-label", "no label", emptyLabel));
  findings.push(...targets.findings(kept.length), ...missingWordsFinding("text", missing.words, missing.rows));
  const rows = kept.toArray();
  return {
    rows: {
      texts: new PickedTexts(targets.texts ?? texts, rows),
      pairs: pairs && new PickedTexts(pairs, rows),
      ...labels.toLabels(),
      labelNames: [...targets.labelNames],
      tableRows: rows.map((row) => row + 1),
      lines: lines && rows.map((row) => lines[row] ?? 0),
    },
    droppedRows: texts.length - rows.length,
    findings,
  };
}

/** The rows at the given indices, in their order. */
export function takeRows(rows: LabelledRows, indices: Int32Array): LabelledRows {
  const { pairs } = rows;
  return {
    texts: new PickedTexts(rows.texts, indices),
    pairs: pairs && new PickedTexts(pairs, indices),
    ...takeLabels(rows, indices),
    labelNames: rows.labelNames,
    tableRows: indices.map((index) => rows.tableRows[index] ?? 0),
    lines: rows.lines && indices.map((index) => rows.lines?.[index] ?? 0),
  };
}

/** The cells of the chosen columns; a missing column has no cells. */
function chosenCells(cells: readonly Texts[], choice: ColumnChoice) {
  const { text, pair } = choice;
  const column = (place: number): Texts => cells[place] ?? [];
  return { text: column(text), pair: pair === null ? null : column(pair), labels: labelColumns(choice).map(column) };
}
