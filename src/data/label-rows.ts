import { PickedTexts, type Texts } from "../io/text-column.ts";
import { Int32List } from "./int32-list.ts";
import type { LabelledRows } from "./rows.ts";
import type { ColumnChoice, Finding } from "./summary.ts";
import { counted, quoted } from "./wording.ts";

/** Rows ready for training or scoring, and what became of the others. */
export interface LabelledTable {
  rows: LabelledRows;
  /** Rows left out because a text or the label was empty or the label unknown. */
  droppedRows: number;
  findings: Finding[];
}

const SHOWN_ROWS = 20;

/**
 * Reads texts and labels out of a table. Labels are trimmed; rows with an empty text or label are left out and
 * reported. Class names are those that occur, sorted (numbers by value, else by code point), unless `labelNames` gives
 * them (for a validation file, or an already fine-tuned classifier): then rows with other labels are left out too.
 *
 * @param cells by column and row
 */
export function labelRows(
  cells: readonly Texts[],
  choice: ColumnChoice,
  labelNames: readonly string[] | null,
): LabelledTable {
  const { text: texts, pair: pairs, label: names } = chosenCells(cells, choice);
  const classes = labelNames ?? findLabels(cells, choice);
  const indexOfName = new Map(classes.map((name, index) => [name, index]));
  const labels = new Int32List(texts.length);
  const kept = new Int32List(texts.length);
  const emptyText: number[] = [];
  const emptyLabel: number[] = [];
  const unknown: number[] = [];
  const unknownNames = new Set<string>();

  for (let row = 0; row < texts.length; row++) {
    const name = (names.at(row) ?? "").trim();
    const label = indexOfName.get(name);
    if (isEmpty(texts.at(row)) || (pairs !== null && isEmpty(pairs.at(row)))) emptyText.push(row + 1);
    else if (name === "") emptyLabel.push(row + 1);
    else if (label === undefined) {
      unknown.push(row + 1);
      unknownNames.add(name);
    } else {
      labels.push(label);
      kept.push(row);
    }
  }

  const findings: Finding[] = [];
  if (emptyText.length > 0) findings.push(dropped("empty-text", "no text", emptyText));
  if (emptyLabel.length > 0) findings.push(dropped("empty-label", "no label", emptyLabel));
  if (unknown.length > 0) findings.push(unknownLabels([...unknownNames], unknown, kept.length === 0));
  const rows = kept.toArray();
  return {
    rows: {
      texts: new PickedTexts(texts, rows),
      pairs: pairs && new PickedTexts(pairs, rows),
      labels: labels.toArray(),
      labelNames: [...classes],
      tableRows: rows.map((row) => row + 1),
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
  };
}

/** The cells of the chosen columns; a column that is not there has no cells. */
function chosenCells(cells: readonly Texts[], { text, pair, label }: ColumnChoice) {
  const column = (place: number): Texts => cells[place] ?? [];
  return { text: column(text), pair: pair === null ? null : column(pair), label: column(label) };
}

/** Labels of the rows that will be kept. */
function findLabels(cells: readonly Texts[], choice: ColumnChoice): string[] {
  const { text, pair, label } = chosenCells(cells, choice);
  const names = new Set<string>();
  for (let row = 0; row < text.length; row++) {
    const name = (label.at(row) ?? "").trim();
    if (name === "" || names.has(name)) continue;
    if (isEmpty(text.at(row)) || (pair !== null && isEmpty(pair.at(row)))) continue;
    names.add(name);
  }
  return sortLabels([...names]);
}

/** Numbers by value where all labels are numbers, else by code point. */
function sortLabels(names: string[]): string[] {
  const areNumbers = names.every((name) => Number.isFinite(Number(name)));
  return names.sort((a, b) => (areNumbers ? Number(a) - Number(b) : 0) || byCodePoint(a, b));
}

/** As Python sorts strings; "<" would compare UTF-16 units, which puts emoji before some letters. */
function byCodePoint(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Within a pair of surrogates that begin alike, the second half decides as the whole would.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}

/** Tests for a character that is no space without making the trimmed copy, which counts with a million rows. */
function isEmpty(text = ""): boolean {
  return !/\S/.test(text);
}

function dropped(id: "empty-text" | "empty-label", what: string, rows: number[]): Finding {
  return {
    id,
    severity: "note",
    text: `${counted(rows.length, "row has", "rows have")} ${what} and ${rows.length === 1 ? "is" : "are"} left out.`,
    remedy: "",
    tableRows: rows.slice(0, SHOWN_ROWS),
  };
}

function unknownLabels(names: string[], rows: number[], nothingLeft: boolean): Finding {
  return {
    id: "unknown-validation-labels",
    severity: nothingLeft ? "blocking" : "warning",
    text: `${counted(rows.length, "row has", "rows have")} a label that is not among the classes (${quoted(names)}) and ${rows.length === 1 ? "is" : "are"} left out.`,
    remedy: "Check that the label column is the right one and that the labels are spelt alike in both files.",
    tableRows: rows.slice(0, SHOWN_ROWS),
  };
}
