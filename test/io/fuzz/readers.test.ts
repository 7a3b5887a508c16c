import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../../src/io/byte-source.ts";
import { readTable } from "../../../src/io/read-table.ts";
import { Problem } from "../../../src/problem/problem.ts";

/** Files of each kind that are tried: 500 random ones and 500 mutated ones, or as many as TABTUNE_FUZZ says. */
const CASES = Number(process.env["TABTUNE_FUZZ"] ?? 500);

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

/** Numbers from 0 to 1 that repeat with the seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Characters that mean something to a reader, more often than chance would have them. */
const telling = [..."\n\r\t,;|\"'\\{}[]:_ #<>"].map((character) => character.charCodeAt(0));

function randomBytes(random: () => number, start: string): Uint8Array {
  // Bytes beside ASCII call the detector of encodings, which takes most of the time.
  const highest = random() < 0.2 ? 256 : 128;
  const rest = Array.from({ length: Math.floor(random() * 300) }, () =>
    random() < 0.4 ? (telling[Math.floor(random() * telling.length)] ?? 0) : Math.floor(random() * highest),
  );
  return Uint8Array.from([...[...start].map((character) => character.charCodeAt(0)), ...rest]);
}

/** Some bytes changed, left out, doubled, or the end cut off. */
function mutated(random: () => number, valid: Uint8Array): Uint8Array {
  let bytes = [...valid];
  for (let change = 0; change <= random() * 4; change++) {
    const at = Math.floor(random() * bytes.length);
    const way = random();
    if (way < 0.5) bytes[at] = Math.floor(random() * 128);
    else if (way < 0.65) bytes.splice(at, 1 + Math.floor(random() * 8));
    else if (way < 0.8) bytes.splice(at, 0, ...bytes.slice(at, at + Math.floor(random() * 40)));
    else if (way < 0.9) bytes[at] = 0xff;
    else bytes = bytes.slice(0, at);
  }
  return Uint8Array.from(bytes);
}

async function outcome(bytes: Uint8Array): Promise<"table" | "problem"> {
  try {
    const { columns, cells, rowCount, lines } = await readTable(bytesSource("x", new Uint8Array(bytes)));
    expect(cells.map((column) => column.length)).toEqual(columns.map(() => rowCount));
    if (lines !== null) expect(lines).toHaveLength(rowCount);
    return "table";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return "problem";
  }
}

describe("readTable ends in a table or a Problem", () => {
  it.each(Object.keys(kinds))("%s: of random bytes and of changed files", async (name) => {
    const { valid, start } = kinds[name] ?? { valid: new Uint8Array(0), start: "" };
    expect(await outcome(valid)).toBe("table");
    const outcomes = new Set<string>();
    for (let seed = 0; seed < CASES; seed++) {
      const random = randomOf(seed);
      for (const bytes of [randomBytes(random, start), mutated(random, valid)]) {
        try {
          outcomes.add(await outcome(bytes));
        } catch (error) {
          throw new Error(`${name}, seed ${seed}: ${Buffer.from(bytes).toString("latin1").slice(0, 300)}`, {
            cause: error,
          });
        }
      }
    }
    expect(outcomes).toContain("problem");
  });
});
