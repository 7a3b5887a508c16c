import { parquetMetadataAsync, parquetRead, type AsyncBuffer, type FileMetaData, type SchemaElement } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetHeader } from "hyparquet/src/column.js";
import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { classNames, withNames, type ClassNames } from "./class-names.ts";
import { cellText } from "./json-records.ts";
import { checkCell, noFaults, note, type ParsedTable, type TableFaults } from "./parsed-table.ts";
import { emptyTable } from "./table-text.ts";
import { CellLimit, LARGEST_FILE } from "./size-limits.ts";
import { TextColumn } from "./text-column.ts";

const MOST_ROWS = 50_000_000;
/** Number of rows decoded at a time. */
const CHUNK_ROWS = 20_000;
const LARGEST_PAGE = 256_000_000;

/**
 * Reads a Parquet file, chunk by chunk of its rows and column by column. Lists and structures become cells with JSON;
 * numbers become class names where Hugging Face's metadata has them. Throws a `Problem` for a file that is broken,
 * encrypted or over the limits.
 */
export async function readParquet(source: ByteSource): Promise<ParsedTable> {
  try {
    return await read(source);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem({
      found: `${source.name} is a Parquet file that cannot be read.`,
      expected: "A complete Parquet file without encryption was expected.",
      remedy:
        "Download it again, or convert it in Python with pandas.read_parquet(FILE).to_csv('data.csv', index=False).",
      details: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Bytes from `start` to `end`, which count from the end of the file where they are negative. */
async function bytesOf(source: ByteSource, start: number, end = source.size): Promise<ArrayBuffer> {
  const [from, to] = [start < 0 ? source.size + start : start, end < 0 ? source.size + end : end];
  if (!(from >= 0 && to <= source.size && from <= to)) throw new Error("the file names bytes that it does not have");
  return (await source.slice(from, to)).buffer;
}

async function read(source: ByteSource): Promise<ParsedTable> {
  const file: AsyncBuffer = {
    byteLength: source.size,
    slice: (start, end) => {
      const bytes = bytesOf(source, start, end);
      // hyparquet requests a whole column ahead and ignores the other parts once one fails.
      bytes.catch(() => undefined);
      return bytes;
    },
  };
  const metadata = await parquetMetadataAsync(file);
  const rowCount = Number(metadata.num_rows);
  checkSizes(source, metadata, rowCount);
  await checkPages(file, metadata);
  const names = topLevelColumns(metadata);
  if (rowCount === 0 || names.length === 0) throw emptyTable(source.name, "has no rows");
  const classes = classNames(metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value);
  const faults = noFaults();
  const cells: TextColumn[] = [];
  const limit = new CellLimit(source);
  for (const name of names) {
    const reading = { file, metadata, name, rowCount, classes: classes.get(name) ?? null, faults, limit };
    cells.push(await readColumn(reading));
  }
  const kept = names
    .map((name, place) => ({ name, column: cells[place] }))
    .filter(({ name }) => !name.startsWith("__index_level_"));
  return {
    format: {
      kind: "parquet",
      encoding: "utf-8",
      delimiter: null,
      quote: null,
      header: true,
      skippedLines: 0,
      sheet: null,
    },
    encodingConfidence: 1,
    columns: kept.map(({ name }) => name),
    cells: kept.flatMap(({ column }) => (column === undefined ? [] : [column])),
    rowCount,
    lines: null,
    faults,
    sheets: [],
  };
}

interface ColumnReading {
  file: AsyncBuffer;
  metadata: FileMetaData;
  name: string;
  rowCount: number;
  classes: ClassNames | null;
  faults: TableFaults;
  limit: CellLimit;
}

async function readColumn({
  file,
  metadata,
  name,
  rowCount,
  classes,
  faults,
  limit,
}: ColumnReading): Promise<TextColumn> {
  const column = new TextColumn();
  let inflated = 0;
  const limited = Object.fromEntries(
    Object.entries(compressors).map(([codec, decompress]) => [
      codec,
      (input: Uint8Array, outputLength: number) => {
        inflated += outputLength;
        if (outputLength > LARGEST_PAGE || inflated > 4 * LARGEST_FILE) throw new Error("a page is too large");
        return decompress(input, outputLength);
      },
    ]),
  );
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    // Pages are decoded again for each chunk, so small groups are read at once.
    const step = groupEnd - groupStart <= 8 * CHUNK_ROWS ? groupEnd - groupStart : 4 * CHUNK_ROWS;
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += step) {
      const rowEnd = Math.min(rowStart + step, groupEnd);
      let rows: unknown[][] = [];
      const onComplete = (read: unknown[][]) => (rows = read);
      await parquetRead({ file, metadata, columns: [name], rowStart, rowEnd, compressors: limited, onComplete });
      for (const [value] of rows) {
        const text = cellText(withNames(plain(value), classes));
        limit.add(text);
        column.push(checked(text, column.length + 1, faults));
      }
    }
    groupStart = groupEnd;
  }
  if (column.length !== rowCount)
    throw new Error(`column ${name} has ${column.length} rows where ${rowCount} are stated`);
  column.seal();
  return column;
}

function checked(text: string, row: number, faults: TableFaults): string {
  const odd = checkCell(text);
  if (odd === null) return text;
  for (const kind of ["huge", "replaced", "doubleEncoded", "nul"] as const) if (odd[kind]) note(faults[kind], row);
  return odd.text;
}

/** Dates as ISO texts, whole 64-bit numbers as numbers, bytes as UTF-8, in lists as well. */
function plain(value: unknown): unknown {
  if (value instanceof Date) {
    const text = Number.isNaN(value.getTime()) ? "" : value.toISOString();
    return text.replace(/T00:00:00\.000Z$/, "").replace(/\.000Z$/, "Z");
  }
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}

function topLevelColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = () => {
    const children = schema[at]?.num_children ?? 0;
    at++;
    for (let child = 0; child < children && at < schema.length; child++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at]?.name ?? "");
    skip();
  }
  return names;
}

function checkSizes(source: ByteSource, { row_groups: groups }: FileMetaData, rowCount: number): void {
  let bytes = 0;
  for (const { columns } of groups) {
    for (const { meta_data: column } of columns) bytes += Number(column?.total_uncompressed_size ?? 0);
  }
  if (bytes <= LARGEST_FILE && rowCount >= 0 && rowCount <= MOST_ROWS) return;
  throw new Problem({
    found: `${source.name} unpacks to ${Math.round(bytes / 1e6)} MB and ${rowCount.toLocaleString("en")} rows.`,
    expected: `A table of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Use a part of the rows: fine-tuning seldom gains from more than a few hundred thousand.",
  });
}

/** The largest page header, which may have statistics of long texts. */
const HEADER_BYTES = 1 << 13;
const LARGEST_HEADER = 1 << 20;
/** Number of values that any file may have, and number of further ones per byte: equal values take almost no bytes. */
const FLAT = { least: 12_500_000, perByte: 75 };
/** Values in lists become arrays of their own. */
const IN_LISTS = { least: 1_250_000, perByte: 7.5 };

type Chunk = NonNullable<FileMetaData["row_groups"][number]["columns"][number]["meta_data"]>;

/**
 * Throws where the pages of a file state more values than it can have, before any is decoded: 2^31 equal values can be
 * stated in a few bytes.
 */
async function checkPages(file: AsyncBuffer, { row_groups: groups, schema }: FileMetaData): Promise<void> {
  const isRepeated = schema.some(({ repetition_type: type }: SchemaElement) => type === "REPEATED");
  const { least, perByte } = isRepeated ? IN_LISTS : FLAT;
  let left = Math.max(least, perByte * file.byteLength);
  for (const { columns } of groups) {
    for (const { meta_data: chunk } of columns) {
      if (chunk === undefined) continue;
      for await (const values of valuesOfPages(file, chunk)) {
        left -= values;
        if (!(left >= 0)) throw new Error("its pages state more values than a file of its size has");
      }
    }
  }
}

/** The number of values that each page of a column chunk states. */
async function* valuesOfPages(file: AsyncBuffer, chunk: Chunk): AsyncGenerator<number> {
  const dictionary = Number(chunk.dictionary_page_offset ?? 0);
  const start = dictionary > 0 ? Math.min(dictionary, Number(chunk.data_page_offset)) : Number(chunk.data_page_offset);
  const end = Math.min(file.byteLength, start + Number(chunk.total_compressed_size));
  for (let at = start; at < end - 1;) {
    const { header, bytes } = await headerAt(file, at, end);
    const page = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header;
    yield page?.num_values ?? 0;
    if (!(header.compressed_page_size >= 0)) throw new Error("a page has no size");
    at += bytes + header.compressed_page_size;
  }
}

async function headerAt(file: AsyncBuffer, at: number, end: number) {
  for (let length = HEADER_BYTES; ; length *= 16) {
    const reader = { view: new DataView(await file.slice(at, Math.min(end, at + length))), offset: 0 };
    try {
      return { header: parquetHeader(reader), bytes: reader.offset };
    } catch (error) {
      if (at + length >= end || length >= LARGEST_HEADER) throw error;
    }
  }
}
