import type { AsyncBuffer, FileMetaData, SchemaElement } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";

/** A header of a page, with statistics of long texts in it, ends within so many bytes. */
const HEADER_BYTES = 1 << 13;
const LARGEST_HEADER = 1 << 20;
/** Values that any file may have, and beyond them for each of its bytes: a run of equal values takes hardly any. */
const FLAT = { least: 12_500_000, perByte: 75 };
/** Values in lists become arrays of their own. */
const IN_LISTS = { least: 1_250_000, perByte: 7.5 };

type Chunk = NonNullable<FileMetaData["row_groups"][number]["columns"][number]["meta_data"]>;

/**
 * Throws where the pages of a file state more values than it can hold, before any is decoded: 2^31 equal ones take a
 * few bytes.
 */
export async function checkPages(file: AsyncBuffer, { row_groups: groups, schema }: FileMetaData): Promise<void> {
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
