import { conllForm } from "./conll-form.ts";
import { note, type ParsedTable, type TableKind } from "./parsed-table.ts";
import { RecordColumns } from "./record-columns.ts";
import { emptyTable, linesOf, type TextFile } from "./table-text.ts";

const fastTextLine = /^\s*((?:__label__\S+[\s,]+)+)(.*)$/s;
/** Labels that a line may begin with: LOC:city, NUM, 1, positive:, [ham], <ham>. */
const labelShapes = [
  /^([A-Za-z_]+:[A-Za-z_]+) (?=\S)/,
  /^([A-Z][A-Z_]+) (?=\S)/,
  /^([+-]?\d) (?=.*\p{L})/u,
  /^([\p{L}_-]+):\s+(?=\S)/u,
  /^\[([^\]]{1,40})\]\s*(?=\S)/,
  /^<([\p{L}\d_-]{1,40})>\s*(?=\S)/u,
];

/** The kind of a file whose lines have a text and its label without a delimiter; null for other files. */
export function labelledKind(sample: string, isCut: boolean): "fasttext" | "label-first" | "conll" | null {
  const lines = sample.split(/\r\n|\n|\r/);
  if (isCut) lines.pop();
  const filled = lines.filter((line) => line.trim() !== "");
  if (filled.length === 0) return null;
  if (conllForm(lines) !== null) return "conll";
  const marked = filled.filter((line) => /^\s*__label__/.test(line));
  if (marked.length >= 0.9 * filled.length) {
    const labels = new Set(marked.map((line) => /__label__(\S+)/.exec(line)?.[1] ?? ""));
    // `__label__pos,great film` is a row of two cells.
    if (marked.every((line) => fastTextLine.test(line)) && (labels.size <= 0.6 * marked.length || marked.length < 5)) {
      return "fasttext";
    }
  }
  return filled.length >= 4 && labelShape(filled) !== null ? "label-first" : null;
}

/** The shape that nearly all lines begin with and whose labels repeat. */
function labelShape(lines: readonly string[]): RegExp | null {
  // A delimiter in every line makes it a delimited table.
  const isCut = ["\t", ";", "|"].some((delimiter) => lines.every((line) => line.includes(delimiter)));
  if (isCut) return null;
  for (const shape of labelShapes) {
    const labels = lines.map((line) => shape.exec(line)?.[1]).filter((label) => label !== undefined);
    const distinct = new Set(labels).size;
    if (labels.length >= 0.98 * lines.length && distinct >= 2 && distinct <= Math.max(2, 0.4 * lines.length))
      return shape;
  }
  return null;
}

/** Reads lines that begin with their labels into columns `text` and `label`. */
export async function readLabelledLines(file: TextFile, kind: "fasttext" | "label-first"): Promise<ParsedTable> {
  const columns = new RecordColumns(["text", "label"]);
  const shape =
    kind === "fasttext" ? null : labelShape(file.sample.split(/\r\n|\n|\r/).filter((line) => line.trim() !== ""));
  for await (const { text: line, number } of linesOf(file, columns.faults)) {
    if (line.trim() === "") continue;
    const [label, text] = shape === null ? cutFastText(line) : cutLabel(line, shape);
    if (label === null) note(columns.faults.broken, number);
    else
      columns.add(
        [
          ["text", text],
          ["label", label],
        ],
        number,
      );
  }
  return linesTable(columns, file, kind);
}

function cutFastText(line: string): [string | null, string] {
  const [, marks, text = ""] = fastTextLine.exec(line) ?? [];
  if (marks === undefined) return [/^\s*__label__/.test(line) ? line.trim().replace("__label__", "") : null, ""];
  const labels = marks.split(/[\s,]+/).flatMap((mark) => (mark === "" ? [] : [mark.replace(/^__label__/, "")]));
  return [labels.length === 1 ? (labels[0] ?? "") : JSON.stringify(labels), text];
}

function cutLabel(line: string, shape: RegExp): [string | null, string] {
  const found = shape.exec(line);
  return found === null ? [null, ""] : [found[1] ?? "", line.slice(found[0].length)];
}

/** The table of lines that have no delimiter; throws a Problem where there is none. */
export function linesTable(columns: RecordColumns, file: TextFile, kind: TableKind): ParsedTable {
  if (columns.rowCount === 0) throw emptyTable(file.name, "holds nothing but blank lines");
  const { encoding, encodingConfidence } = file;
  return columns.table(
    { kind, encoding, delimiter: null, quote: null, header: false, skippedLines: 0, sheet: null },
    encodingConfidence,
  );
}
