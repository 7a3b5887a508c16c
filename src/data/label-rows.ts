import { PickedTexts, type Texts } from "../io/text-column.ts";
import { Int32List } from "./int32-list.ts";
import {
  droppedFinding,
  lookAlikeFinding,
  MissingWords,
  missingWordsFinding,
  respeltFinding,
  unknownLabelsFinding,
} from "./label-findings.ts";
import { countNames, emptiness, foundNames, givenNames } from "./label-names.ts";
import type { LabelledRows } from "./rows.ts";
import type { Cleaning, ColumnChoice, Finding } from "./summary.ts";

/** Rows ready for training or scoring, and what became of the others. */
interface LabelledTable {
  rows: LabelledRows;
  /** Rows left out because a text or the label was empty or the label unknown. */
  droppedRows: number;
  findings: Finding[];
}

/** What more decides how rows are read. */
export interface LabelOptions {
  cleaning?: Partial<Cleaning>;
  /** Line of the file of each row of the table. */
  lines?: Int32Array | null;
}

/**
 * Reads texts and labels out of a table. Labels are trimmed; rows with an empty text or label are left out and
 * reported. Class names are those that occur, sorted (numbers by value, else by code point), unless `labelNames` gives
 * them (for a validation file, or an already fine-tuned classifier): then labels that differ in spelling alone are
 * matched, and rows with other labels are left out too.
 *
 * @param cells by column and row
 */
export function labelRows(
  cells: readonly Texts[],
  choice: ColumnChoice,
  labelNames: readonly string[] | null,
  { cleaning = {}, lines = null }: LabelOptions = {},
): LabelledTable {
  const { text: texts, pair: pairs, label: labelCells } = chosenCells(cells, choice);
  const clean = { mergeLabels: false, missingWords: false, ...cleaning };
  const isEmpty = emptiness(clean);
  const hasTexts = (row: number) => !isEmpty(texts.at(row)) && (pairs === null || !isEmpty(pairs.at(row)));
  const counts =
    labelNames === null ? countNames(labelCells, (row) => hasTexts(row) && !isEmpty(labelCells.at(row))) : null;
  const names = counts === null ? givenNames(labelNames ?? []) : foundNames(counts, clean);

  const labels = new Int32List(texts.length);
  const kept = new Int32List(texts.length);
  const emptyText: number[] = [];
  const emptyLabel: number[] = [];
  const unknown: number[] = [];
  const unknownNames = new Set<string>();
  const missing = { label: new MissingWords(), text: new MissingWords() };
  for (let row = 0; row < texts.length; row++) {
    const cell = labelCells.at(row) ?? "";
    const label = names.indexOf(cell.trim());
    if (!hasTexts(row)) emptyText.push(row + 1);
    else if (isEmpty(cell)) emptyLabel.push(row + 1);
    else if (label === undefined) {
      unknown.push(row + 1);
      unknownNames.add(cell.trim());
    } else {
      labels.push(label);
      kept.push(row);
      missing.label.add(cell, row + 1);
      missing.text.add(texts.at(row) ?? "", row + 1);
    }
  }

  const findings: Finding[] = [];
  if (emptyText.length > 0) findings.push(droppedFinding("empty-text", "no text", emptyText));
  if (emptyLabel.length > 0) findings.push(droppedFinding("empty-label", "no label", emptyLabel));
  if (unknown.length > 0) {
    const nothingLeft = kept.length === 0;
    findings.push(
      unknownLabelsFinding({ names: [...unknownNames], classes: names.classes, rows: unknown, nothingLeft }),
    );
  }
  if (counts !== null) {
    if (!clean.mergeLabels) findings.push(...lookAlikeFinding(counts));
    findings.push(...missingWordsFinding("label", missing.label.words, missing.label.rows));
  }
  findings.push(...missingWordsFinding("text", missing.text.words, missing.text.rows));
  findings.push(...respeltFinding(names.respelt, counts !== null));
  const rows = kept.toArray();
  return {
    rows: {
      texts: new PickedTexts(texts, rows),
      pairs: pairs && new PickedTexts(pairs, rows),
      labels: labels.toArray(),
      labelNames: [...names.classes],
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
    labels: indices.map((index) => rows.labels[index] ?? 0),
    labelNames: rows.labelNames,
    tableRows: indices.map((index) => rows.tableRows[index] ?? 0),
    lines: rows.lines && indices.map((index) => rows.lines?.[index] ?? 0),
  };
}

/** The cells of the chosen columns; a column that is not there has no cells. */
function chosenCells(cells: readonly Texts[], { text, pair, label }: ColumnChoice) {
  const column = (place: number): Texts => cells[place] ?? [];
  return { text: column(text), pair: pair === null ? null : column(pair), label: column(label) };
}
