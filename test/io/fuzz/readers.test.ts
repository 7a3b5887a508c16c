import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../../src/io/byte-source.ts";
import { readTable } from "../../../src/io/read-table.ts";
import { endsInProblem, fuzz, mutated, randomBytes } from "./fuzzed.ts";

const formats = new URL("../../cases/formats/", import.meta.url).pathname;
const text = (content: string) => new TextEncoder().encode(content);
const csv = 'text,label\n"a, good film",pos\nit\'s bad,neg\n"say ""hi""",pos\nnaïve café,neg\n';
const file = (name: string) => new Uint8Array(readFileSync(formats + name));

/** A valid file of each kind, and the bytes that random files of that kind begin with. */
const kinds: Record<string, { valid: Uint8Array; start: string }> = {
  csv: { valid: text(csv), start: "" },
  tsv: { valid: text(csv.replaceAll(",", "\t")), start: "a\tb\n" },
  utf16: { valid: new Uint8Array(Buffer.from(`\ufeff${csv}`, "utf16le")), start: "\xff\xfe" },
  jsonLines: { valid: text('{"text":"a","label":["x"]}\n{"text":"b","n":1.5}\n'), start: '{"a":1}\n' },
  json: { valid: text('[{"text":"a","label":"x"},{"text":"b","label":{"y":null}}]'), start: "[{" },
  jsonObject: { valid: text('{"train":{"text":["a","b"],"label":[0,1]},"test":[["c",1]]}'), start: '{"' },
  fastText: { valid: text("__label__a one two\n__label__b __label__a three\n"), start: "__label__" },
  labelFirst: { valid: text("LOC:city What\nNUM:count How\nLOC:city Where\nNUM:count Who\n"), start: "A:b " },
  conll: { valid: text("EU B-ORG\nrejects O\n\nPeter B-PER\nis O\n"), start: "x O\n" },
  parquet: { valid: file("sentiment-snappy.parquet"), start: "PAR1" },
  parquetLists: { valid: file("tags-in-lists.parquet"), start: "PAR1\x15\x04" },
  parquetZstd: { valid: file("sentiment-zstd.parquet"), start: "PAR1" },
  xlsx: { valid: file("inline.xlsx"), start: "PK\x03\x04" },
  gzip: { valid: new Uint8Array(gzipSync(csv)), start: "\x1f\x8b\x08" },
  zip: { valid: zipSync({ "a.csv": text(csv), "b.json": text('[{"a":1}]') }), start: "PK\x03\x04" },
};

async function read(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const { columns, cells, rowCount, lines } = await readTable(bytesSource("x", bytes));
  expect(cells.map((column) => column.length)).toEqual(columns.map(() => rowCount));
  if (lines !== null) expect(lines).toHaveLength(rowCount);
}

describe("readTable ends in a table or a Problem", () => {
  it.each(Object.keys(kinds))("%s: of random bytes and of changed files", async (name) => {
    const { valid, start } = kinds[name] ?? { valid: new Uint8Array(0), start: "" };
    expect(await endsInProblem(() => read(new Uint8Array(valid)))).toBe(false);
    const ways = [
      (random: () => number) => randomBytes(random, start),
      (random: () => number) => mutated(random, valid),
    ];
    const show = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
    expect(await fuzz(name, ways, read, show)).toBe(true);
  });
});
