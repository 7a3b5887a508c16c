import type { ByteSource } from "./byte-source.ts";
import { readDelimited } from "./csv.ts";
import { PIECE_BYTES } from "./decode.ts";
import { gunzip, isGzip } from "./gzip.ts";
import { looksLikeJsonLines, readJsonLines } from "./json-lines.ts";
import { readJson } from "./json-table.ts";
import { labelledKind, readConll, readLabelledLines } from "./labelled-lines.ts";
import { readParallel } from "./parallel-files.ts";
import type { ParsedTable } from "./parsed-table.ts";
import { Problem } from "../problem/problem.ts";
import { withoutWrappers } from "./wrapped-values.ts";
import type { FormatOverrides, TableKind } from "./table-format.ts";
import { emptyTable, openText, type TextFile } from "./table-text.ts";
import { LARGEST_FILE, requireTextFile, startsWith } from "./text-check.ts";
import { readZip } from "./zip-table.ts";

export { DOUBTFUL } from "./encoding-guess.ts";
export type { ParsedTable } from "./parsed-table.ts";

/** Containers within containers that are opened: a gzipped zip of a workbook. */
const DEEPEST = 3;

/**
 * Reads a table. Parts of the format that are not given are detected. Several sources are parallel files: texts,
 * labels, and names of the labels, a line each. What is read does not depend on `pieceBytes`, the bytes taken at once.
 * Throws a `Problem` for a file that is empty, holds a header alone, is no table, or is over 500 MB.
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
    // What no reader foresaw in a file is still the file's.
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

/** A delimiter that is given makes a file delimited, whatever else it looks like. */
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
    remedy: "Take a part of the rows: fine-tuning seldom gains from more than a few hundred thousand.",
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
