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
 * @param rows cells by row and column; a cell past a row's end is empty
 */
export function labelRows(
  rows: readonly (readonly string[])[],
  choice: ColumnChoice,
  labelNames: readonly string[] | null,
): LabelledTable {
  const names = labelNames ?? findLabels(rows, choice);
  const indexOfName = new Map(names.map((name, index) => [name, index]));
  const texts: string[] = [];
  const pairs: string[] = [];
  const labels: number[] = [];
  const tableRows: number[] = [];
  const emptyText: number[] = [];
  const emptyLabel: number[] = [];
  const unknown: number[] = [];
  const unknownNames = new Set<string>();

  rows.forEach((row, index) => {
    const text = row[choice.text] ?? "";
    const pair = choice.pair === null ? null : (row[choice.pair] ?? "");
    const name = (row[choice.label] ?? "").trim();
    const label = indexOfName.get(name);
    if (isEmpty(text) || (pair !== null && isEmpty(pair))) emptyText.push(index + 1);
    else if (name === "") emptyLabel.push(index + 1);
    else if (label === undefined) {
      unknown.push(index + 1);
      unknownNames.add(name);
    } else {
      texts.push(text);
      if (pair !== null) pairs.push(pair);
      labels.push(label);
      tableRows.push(index + 1);
    }
  });

  const findings: Finding[] = [];
  if (emptyText.length > 0) findings.push(dropped("empty-text", "no text", emptyText));
  if (emptyLabel.length > 0) findings.push(dropped("empty-label", "no label", emptyLabel));
  if (unknown.length > 0) findings.push(unknownLabels([...unknownNames], unknown, texts.length === 0));
  return {
    rows: {
      texts,
      pairs: choice.pair === null ? null : pairs,
      labels: Int32Array.from(labels),
      labelNames: [...names],
      tableRows: Int32Array.from(tableRows),
    },
    droppedRows: rows.length - texts.length,
    findings,
  };
}

/** The rows at the given indices, in their order. */
export function takeRows(rows: LabelledRows, indices: Int32Array): LabelledRows {
  const { pairs } = rows;
  return {
    texts: Array.from(indices, (index) => rows.texts[index] ?? ""),
    pairs: pairs === null ? null : Array.from(indices, (index) => pairs[index] ?? ""),
    labels: indices.map((index) => rows.labels[index] ?? 0),
    labelNames: rows.labelNames,
    tableRows: indices.map((index) => rows.tableRows[index] ?? 0),
  };
}

/** Labels of the rows that will be kept. */
function findLabels(rows: readonly (readonly string[])[], { text, pair, label }: ColumnChoice): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    const name = (row[label] ?? "").trim();
    if (name === "" || names.has(name)) continue;
    if (isEmpty(row[text] ?? "") || (pair !== null && isEmpty(row[pair] ?? ""))) continue;
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
function isEmpty(text: string): boolean {
  return !/\S/.test(text);
}

function dropped(kind: "empty-text" | "empty-label", what: string, rows: number[]): Finding {
  return {
    kind,
    severity: "info",
    text: `${counted(rows.length, "row has", "rows have")} ${what} and ${rows.length === 1 ? "is" : "are"} left out.`,
    remedy: "",
    tableRows: rows.slice(0, SHOWN_ROWS),
  };
}

function unknownLabels(names: string[], rows: number[], nothingLeft: boolean): Finding {
  return {
    kind: "unknown-validation-labels",
    severity: nothingLeft ? "blocking" : "warning",
    text: `${counted(rows.length, "row has", "rows have")} a label that is not among the classes (${quoted(names)}) and ${rows.length === 1 ? "is" : "are"} left out.`,
    remedy: "Check that the label column is the right one and that the labels are spelt alike in both files.",
    tableRows: rows.slice(0, SHOWN_ROWS),
  };
}
