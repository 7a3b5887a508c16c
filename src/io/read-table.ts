import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { readDelimited } from "./csv.ts";
import { PIECE_BYTES } from "./decode.ts";
import { readConll } from "./conll.ts";
import { gunzip, isGzip } from "./gzip.ts";
import { looksLikeJsonLines, readJsonLines } from "./json-lines.ts";
import { readJson } from "./json-table.ts";
import { labelledKind, readLabelledLines } from "./labelled-lines.ts";
import { readParallel } from "./parallel-files.ts";
import type { ParsedTable, FormatOverrides, TableKind } from "./parsed-table.ts";
import { emptyTable, openText, type TextFile } from "./table-text.ts";
import { LARGEST_FILE } from "./size-limits.ts";
import { requireTextFile, startsWith } from "./text-check.ts";
import { TextColumn } from "./text-column.ts";
import { readZip } from "./zip-table.ts";

export { DOUBTFUL } from "./encoding-guess.ts";
export type { ParsedTable } from "./parsed-table.ts";

/** How many nested containers are opened: a gzipped zip of a workbook has three. */
const DEEPEST = 3;

/**
 * Reads a table. Parts of the format that are not given are detected. Several sources are parallel files: texts,
 * labels, and names of the labels, one per line. The result does not depend on `pieceBytes`, the number of bytes read at
 * a time. Throws a `Problem` for a file that is empty, has only a header, is no table, or is over 500 MB.
 */
export async function readTable(
  sources: ByteSource | readonly ByteSource[],
  overrides: FormatOverrides = {},
  pieceBytes = PIECE_BYTES,
): Promise<ParsedTable> {
  const files = "size" in sources ? [sources] : sources;
  const [source] = files;
  if (source === undefined) throw new Error("a table has at least one file");
  try {
    if (files.length === 1) {
      const table = await readOne(source, overrides, pieceBytes, 0);
      return { ...table, cells: withoutWrappers(table.cells) };
    }
    const texts: TextFile[] = [];
    for (const file of files) texts.push(await openPlain(await unpacked(file), overrides, pieceBytes));
    return await readParallel(texts);
  } catch (error) {
    // An unexpected error of a reader is reported as a problem of the file.
    if (error instanceof RangeError) throw beyondLimits(source, error);
    throw error;
  }
}

async function readOne(
  source: ByteSource,
  overrides: FormatOverrides,
  pieceBytes: number,
  depth: number,
): Promise<ParsedTable> {
  checkSize(source);
  const head = await source.slice(0, Math.min(512, source.size));
  const again = (inner: ByteSource, others: FormatOverrides) => {
    if (depth + 1 >= DEEPEST) throw tooDeep(source);
    return readOne(inner, others, pieceBytes, depth + 1);
  };
  if (isGzip(head)) return again(await gunzip(source), overrides);
  if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6]))
    return readZip(source, overrides, again);
  if (startsWith(head, [0x50, 0x41, 0x52, 0x31])) {
    return import("./parquet.ts").then(({ readParquet }) => readParquet(source));
  }
  const file = await openPlain(source, overrides, pieceBytes);
  switch (textKind(file, overrides)) {
    case "json-lines":
      return readJsonLines(file);
    case "json":
      return readJson(file, overrides);
    case "fasttext":
      return readLabelledLines(file, "fasttext");
    case "label-first":
      return readLabelledLines(file, "label-first");
    case "conll":
      return readConll(file);
    default:
      return readDelimited(file, overrides);
  }
}

/** A parallel file, which may be gzipped. */
async function unpacked(source: ByteSource): Promise<ByteSource> {
  return isGzip(await source.slice(0, Math.min(2, source.size))) ? gunzip(source) : source;
}

async function openPlain(source: ByteSource, { encoding }: FormatOverrides, pieceBytes: number): Promise<TextFile> {
  checkSize(source);
  await requireTextFile(source);
  return openText(source, encoding, pieceBytes);
}

/** A delimiter given by the user makes a file delimited. */
function textKind({ sample, isCut }: TextFile, overrides: FormatOverrides): TableKind {
  if (typeof overrides.delimiter === "string") return "delimited";
  if (looksLikeJsonLines(sample, isCut)) return "json-lines";
  if (/^\s*(\{\s*("|\}|$)|\[\s*([[{"]|$))/.test(sample)) return "json";
  return labelledKind(sample, isCut) ?? "delimited";
}

function checkSize(source: ByteSource): void {
  if (source.size === 0) throw emptyTable(source.name, "is empty");
  if (source.size <= LARGEST_FILE) return;
  throw new Problem({
    found: `${source.name} has ${Math.round(source.size / 1e6)} MB.`,
    expected: `A table of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Use a part of the rows: fine-tuning seldom gains from more than a few hundred thousand.",
  });
}

function tooDeep({ name }: ByteSource): Problem {
  return new Problem({
    found: `${name} is packed within packed files.`,
    expected: "A table that is packed once was expected.",
    remedy: "Unpack it and choose the table in it.",
  });
}

function beyondLimits({ name }: ByteSource, error: RangeError): Problem {
  return new Problem({
    found: `${name} holds more than can be read at once.`,
    expected: `A table of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Check that the right file was chosen, or take a part of the rows.",
    details: error.message,
  });
}

/**
 * A list of one text without quotes or escapes, or of one number, in JSON or as Python prints it; or a text written as
 * a formula, ="007", so that spreadsheets keep it.
 */
const single = /^(?:\[\s*(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+))\s*\]|="([^"]*)")$/;

/** Replaces the cells of columns whose every cell is a list or formula of one value by these values. */
function withoutWrappers(columns: readonly TextColumn[]): TextColumn[] {
  return columns.map((column) => (areWrapped(column) ? valuesOf(column) : column));
}

function areWrapped(column: TextColumn): boolean {
  let wrapped = 0;
  for (const cell of column) {
    if (cell === "") continue;
    if (!single.test(cell)) return false;
    wrapped++;
  }
  return wrapped > 1;
}

function valuesOf(column: TextColumn): TextColumn {
  const values = new TextColumn();
  for (const cell of column) {
    const [, double, simple, number, formula] = single.exec(cell) ?? [];
    values.push(double ?? simple ?? number ?? formula ?? cell);
  }
  values.seal();
  return values;
}
