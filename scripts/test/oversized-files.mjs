// Files for check-table-memory.mjs: one large table, and for each container a small file that unpacks to far more than a
// table or a checkpoint has.
import { once } from "node:events";
import { createWriteStream, writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Zip, ZipDeflate } from "fflate";

const MEGABYTES = 1_000_000;
const row = "the soup was dull today and the lamp was lovely,neg\n";
const piece = row.repeat(Math.floor(MEGABYTES / row.length));

/** A CSV file of about 200 MB, whose texts differ. @param {string} folder */
export async function largeTable(folder) {
  const path = join(folder, "large.csv");
  const file = createWriteStream(path);
  file.write("text,label\n");
  let written = 0;
  for (let number = 0; written < 200 * MEGABYTES;) {
    const lines = [];
    for (let line = 0; line < 5000; line++, number++)
      lines.push(`the soup ${number * 7919} was dull today, said ${number % 977} of us\t${number % 2}`);
    const text = `${lines.map((line) => `"${line.replace("\t", '",')}`).join("\n")}\n`;
    written += text.length;
    if (!file.write(text)) await once(file, "drain");
  }
  file.end();
  await finished(file);
  return path;
}

/** 1,000 MB of rows in a gzip file. @param {string} folder */
export async function gzipBomb(folder) {
  const path = join(folder, "bomb.csv.gz");
  const packed = createGzip();
  const file = packed.pipe(createWriteStream(path));
  await fill(packed, "text,label\n", piece);
  await finished(file);
  return path;
}

/** 1,000 MB of rows in a zip. @param {string} folder */
export const zipBomb = (folder = "") => zipOf(join(folder, "bomb.zip"), { "bomb.csv": ["text,label\n", piece, 1000] });

const workbook = {
  "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
  "xl/workbook.xml": '<workbook><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
  "xl/_rels/workbook.xml.rels":
    '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
};
const sheetRow = '<row><c t="inlineStr"><is><t>the soup was dull today</t></is></c><c><v>1</v></c></row>';

/** A workbook whose sheet has 1,000 MB. @param {string} folder */
export const xlsxBomb = (folder = "") =>
  zipOf(join(folder, "bomb.xlsx"), {
    ...workbook,
    "xl/worksheets/sheet1.xml": ["<worksheet><sheetData>", sheetRow.repeat(11_000), 1000],
  });

/** A workbook of 10 MB of rows that all name one shared text of 30,000 characters. @param {string} folder */
export const sharedTextBomb = (folder = "") =>
  zipOf(join(folder, "shared.xlsx"), {
    ...workbook,
    "xl/sharedStrings.xml": `<sst><si><t>${"soup ".repeat(6000)}</t></si></sst>`,
    "xl/worksheets/sheet1.xml": [
      "<worksheet><sheetData>",
      '<row><c t="s"><v>0</v></c><c><v>1</v></c></row>'.repeat(20_000),
      10,
    ],
  });

/**
 * Writes a zip; a member is its text, or how it begins, a piece, and how often that comes again.
 *
 * @param {string} path @param {Record<string, string | [string, string, number]>} members
 */
async function zipOf(path, members) {
  /** @type {Uint8Array[]} */
  const parts = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    parts.push(chunk);
  });
  for (const [name, member] of Object.entries(members)) {
    const [start, again, times] = typeof member === "string" ? [member, "", 0] : member;
    const entry = new ZipDeflate(name, { level: 6 });
    zip.add(entry);
    entry.push(Buffer.from(start));
    const bytes = Buffer.from(again);
    for (let time = 0; time < times; time++) entry.push(bytes);
    entry.push(new Uint8Array(0), true);
  }
  zip.end();
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

/** Writes `start`, and `again` a thousand times. @param {import("node:zlib").Gzip} stream @param {string} start @param {string} again */
async function fill(stream, start, again) {
  stream.write(start);
  for (let time = 0; time < 1000; time++) if (!stream.write(again)) await once(stream, "drain");
  stream.end();
}

/**
 * A Parquet file of 200 kB: a dictionary of one text of 200,000 characters that all rows name. It is written by
 * hand, in Thrift's compact protocol (parquet.thrift of apache/parquet-format).
 *
 * @param {string} folder
 */
export function parquetBomb(folder, rows = 1_000_000) {
  const text = Buffer.from("soup ".repeat(40_000));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  const dictionary = Buffer.concat([size, text]);
  const indices = Buffer.from([1, ...varint(rows * 2), 0]);
  const page = (/** @type {number} */ type, /** @type {Buffer} */ data, /** @type {number[]} */ header) =>
    Buffer.concat([Buffer.from([...int(1, type), ...int(1, data.length), ...int(1, data.length), ...header, 0]), data]);
  const dictionaryPage = page(2, dictionary, [0x4c, ...int(1, 1), ...int(1, 0), 0]);
  const dataPage = page(0, indices, [0x2c, ...int(1, rows), ...int(1, 8), ...int(1, 3), ...int(1, 3), 0]);
  const bytes = dictionaryPage.length + dataPage.length;
  const column = [
    ...[...int(1, 6), 0x19, 0x25, ...zigzag(0), ...zigzag(8), 0x19, 0x18, ...string("text"), ...int(1, 0)],
    ...[
      ...long(1, rows),
      ...long(1, bytes),
      ...long(1, bytes),
      ...long(2, 4 + dictionaryPage.length),
      ...long(2, 4),
      0,
    ],
  ];
  const schema = [
    0x48,
    ...string("schema"),
    ...int(1, 1),
    0,
    ...int(1, 6),
    ...int(2, 0),
    0x18,
    ...string("text"),
    ...int(2, 0),
    0,
  ];
  const group = [0x19, 0x1c, ...long(2, 4), 0x1c, ...column, 0, ...long(1, bytes), ...long(1, rows), 0];
  const footer = Buffer.from([...int(1, 1), 0x19, 0x2c, ...schema, ...long(1, rows), 0x19, 0x1c, ...group, 0]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const path = join(folder, "bomb.parquet");
  const mark = Buffer.from("PAR1");
  writeFileSync(path, Buffer.concat([mark, dictionaryPage, dataPage, footer, length, mark]));
  return path;
}

/** @param {number} value @returns {number[]} */
function varint(value) {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const zigzag = (value = 0) => varint(value * 2);
const string = (text = "") => [...varint(text.length), ...Buffer.from(text)];
/** Fields of Thrift, `step` behind the number of the last one: whole numbers of 32 bits, and of 64. */
const int = (step = 1, value = 0) => [step * 16 + 5, ...zigzag(value)];
const long = (step = 1, value = 0) => [step * 16 + 6, ...zigzag(value)];

const megabyte = " ".repeat(1_000_000);
const config = '{"model_type":"bert"}';
const DIRECTORY_ENTRY = Buffer.from([0x50, 0x4b, 1, 2]);

/** A tokenizer.json of 1,000 MB, and says so. @param {string} folder */
export const tokenizerBomb = (folder = "") =>
  zipOf(join(folder, "tokenizer-bomb.zip"), { "config.json": config, "tokenizer.json": ["{", megabyte, 1000] });

/** A model.safetensors that is said to have 1,000 bytes, and unpacks to 1,000 MB. @param {string} folder */
export async function lyingBomb(folder) {
  const path = join(folder, "lying-bomb.zip");
  await zipOf(path, {
    "config.json": config,
    "tokenizer.json": "{}",
    "model.safetensors": ["\0\0\0\0\0\0\0\0", megabyte, 1000],
  });
  const bytes = readFileSync(path);
  bytes.writeUInt32LE(1000, bytes.lastIndexOf(DIRECTORY_ENTRY) + 24);
  writeFileSync(path, bytes);
  return path;
}

/** Forty checkpoints, each with a config.json of 60 MB. @param {string} folder */
export const manyConfigsBomb = (folder = "") =>
  zipOf(
    join(folder, "configs-bomb.zip"),
    Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`model-${at}/config.json`, [config, megabyte, 60]])),
  );
