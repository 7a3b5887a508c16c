import { Problem } from "../problem/problem.ts";
import { namesByNumber } from "./label-names.ts";
import type { ParsedTable } from "./parsed-table.ts";
import { RecordColumns } from "./record-columns.ts";
import { emptyTable, linesOf, type TextFile } from "./table-text.ts";

/**
 * Reads parallel files: texts, their labels one per line, and optionally the names of the labels, numbered from 0. The
 * role of each file is detected from its lines, in any order.
 */
export async function readParallel(files: readonly TextFile[]): Promise<ParsedTable> {
  const all = await Promise.all(files.map(async (file) => ({ file, lines: await allLines(file) })));
  const most = Math.max(...all.map(({ lines }) => lines.length));
  const long = all.filter(({ lines }) => lines.length === most);
  const short = all.filter(({ lines }) => lines.length !== most);
  const distinct = (lines: readonly string[]) => new Set(lines.map((line) => line.trim())).size;
  const [labels, texts] = long.sort(
    (a, b) => distinct(a.lines) - distinct(b.lines) || wordsOf(a.lines) - wordsOf(b.lines),
  );
  const [names] = short;
  if (most === 0) throw emptyTable(files.map(({ name }) => name).join(" and "), "have no lines");
  if (labels === undefined || texts === undefined || long.length > 2 || short.length > 1) throw unequal(all);
  const named = names === undefined ? null : namesByNumber(names.lines, labels.lines);
  if (names !== undefined && named === null) throw unequal(all);
  const columns = new RecordColumns(["text", "label"]);
  texts.lines.forEach((text, row) => {
    const label = (labels.lines[row] ?? "").trim();
    columns.add(
      [
        ["text", text],
        ["label", named?.get(label) ?? label],
      ],
      row + 1,
    );
  });
  const { encoding, encodingConfidence } = texts.file;
  const format = {
    kind: "parallel",
    encoding,
    delimiter: null,
    quote: null,
    header: false,
    skippedLines: 0,
    sheet: null,
  } as const;
  return columns.table(format, encodingConfidence);
}

async function allLines(file: TextFile): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of linesOf(file)) lines.push(text);
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines;
}

function wordsOf(lines: readonly string[]): number {
  return lines.reduce((words, line) => words + line.trim().split(/\s+/).length, 0);
}

function unequal(all: readonly { file: TextFile; lines: readonly string[] }[]): Problem {
  const counts = all.map(({ file, lines }) => `${file.name} has ${lines.length}`).join(", ");
  return new Problem({
    found: `The files have different numbers of lines: ${counts}.`,
    expected:
      "Parallel files were expected: texts and labels with as many lines each, and perhaps one name for each label.",
    remedy: "Choose the two files that belong together.",
  });
}
