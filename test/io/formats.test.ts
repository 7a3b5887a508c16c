import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { readTable } from "../../src/io/read-table.ts";
import type { FormatOverrides } from "../../src/io/parsed-table.ts";
import { byRow } from "../data/cells.ts";
import { textSource } from "./model-folder.ts";
import { thrownBy } from "./thrown-by.ts";

const formats = new URL("../cases/formats/", import.meta.url).pathname;

async function readText(text: string, name = "data.txt", overrides: FormatOverrides = {}) {
  const table = await readTable(textSource(name, text), overrides);
  return { ...table, rows: byRow(table.cells) };
}

async function readFormat(name: string, overrides: FormatOverrides = {}) {
  const table = await readTable(await fileSource(formats + name), overrides);
  return { ...table, rows: byRow(table.cells) };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const two = [
  ["a good film", "pos"],
  ["a bad film", "neg"],
];
const csv = "text,label\na good film,pos\na bad film,neg\n";

describe("JSON", () => {
  it.each<[string, string]>([
    ["lines", '{"text":"a good film","label":"pos"}\n{"text":"a bad film","label":"neg"}\n'],
    ["lines with commas", '{"text":"a good film","label":"pos"},\r\n{"text":"a bad film","label":"neg"}'],
    ["a list of objects", '[{"text":"a good film","label":"pos"},\n {"label":"neg","text":"a bad film"}]'],
    ["a list of lists with names", '[["text","label"],["a good film","pos"],["a bad film","neg"]]'],
    ["columns", '{"text":["a good film","a bad film"],"label":["pos","neg"]}'],
    ["data", '{"version":1,"data":[{"text":"a good film","label":"pos"},{"text":"a bad film","label":"neg"}]}'],
    ["split", '{"columns":["text","label"],"index":[0,1],"data":[["a good film","pos"],["a bad film","neg"]]}'],
    ["index", '{"7":{"text":"a good film","label":"pos"},"9":{"text":"a bad film","label":"neg"}}'],
    ["pandas' columns", '{"text":{"0":"a good film","1":"a bad film"},"label":{"0":"pos","1":"neg"}}'],
    ["values one after the other", '{\n"text":"a good film",\n"label":"pos"}\n{\n"text":"a bad film","label":"neg"\n}'],
    [
      "rows of the viewer",
      '{"features":[],"rows":[{"row_idx":0,"row":{"text":"a good film","label":"pos"}},{"row_idx":1,"row":{"text":"a bad film","label":"neg"}}]}',
    ],
  ])("%s", async (_, text) => {
    const { columns, rows } = await readText(text, "data.csv");
    expect(columns).toEqual(["text", "label"]);
    expect(rows).toEqual(two);
  });

  it("splits by name, of which the training one is read and others can be named", async () => {
    const text = '{"val":[["v","neg"]],"train":[["a good film","pos"],["a bad film","neg"]]}';
    const train = await readText(text);
    expect(train.rows).toEqual(two);
    expect(train.format.sheet).toBe("train");
    expect(train.sheets).toEqual(["val"]);
    expect((await readText(text, "x.json", { sheet: "val" })).rows).toEqual([["v", "neg"]]);
    expect((await thrownBy(readText(text, "x.json", { sheet: "none" }))).expected).toContain("val, train");
  });

  it("texts by their labels, and labels by their texts", async () => {
    expect((await readText('{"pos":["a good film","nice"],"neg":["a bad film"]}')).rows).toEqual([
      ["a good film", "pos"],
      ["nice", "pos"],
      ["a bad film", "neg"],
    ]);
    const alike = await readText('{"greet":["hi there","good day"],"leave":["see you","bye for now"]}');
    expect(alike.rows[3]).toEqual(["bye for now", "leave"]);
    expect((await readText('{"text":["a b","c d"],"answer":["e f","g h"]}')).columns).toEqual(["text", "answer"]);
    const byText = '{\n"a good film":"pos",\n"a bad film":"neg",\n"so so film":"neg"\n}';
    expect((await readText(byText)).rows[1]).toEqual(["a bad film", "neg"]);
  });

  it("keeps nested values as JSON, missing keys empty, and the lines of rows", async () => {
    const table = await readText('{"a":["B-PER","O"],"b":1.5}\n\n{"c":true,"a":null}\nbroken\n{"b":{"x":1}}\n');
    expect(table.columns).toEqual(["a", "b", "c"]);
    expect(table.rows).toEqual([
      ['["B-PER","O"]', "1.5", ""],
      ["", "", "true"],
      ["", '{"x":1}', ""],
    ]);
    expect([...(table.lines ?? [])]).toEqual([1, 3, 5]);
    expect(table.faults.broken).toEqual({ count: 1, rows: [4] });
  });

  it.each(['[{"text":"a","label":"b"}', '{"a": 1', '[{"a" 1}]', '{"cells":[],"nbformat":4}'])(
    "refuses %s",
    async (text) => {
      expect((await thrownBy(readTable(textSource("x.json", text)))).found).toMatch(/JSON|notebook|has no rows/);
    },
  );
});

describe("lines without a delimiter", () => {
  it("fastText, with one label or several", async () => {
    const { format, columns, rows } = await readText(
      "__label__pos a good, film\n__label__neg __label__sad a bad film\n__label__pos x y\n",
    );
    expect(format).toMatchObject({ kind: "fasttext", delimiter: null, quote: null, header: false });
    expect(columns).toEqual(["text", "label"]);
    expect(rows).toEqual([
      ["a good, film", "pos"],
      ["a bad film", '["neg","sad"]'],
      ["x y", "pos"],
    ]);
  });

  it("a delimited file whose labels have fastText's mark stays so", async () => {
    const rows = Array.from({ length: 8 }, (_, i) => `__label__${i % 2},some words ${i}`).join("\n");
    expect((await readText(`label,text\n${rows}`)).format.kind).toBe("delimited");
  });

  it.each<[string, string, string[]]>([
    [
      "TREC",
      "LOC:city What is it ?\nNUM:count How many, and why ?\nLOC:city Where , then ?\nNUM:count How few ?\nLOC:city Where is Rome ?\n",
      ["What is it ?", "LOC:city"],
    ],
    ["numbers", "1 a good film\n0 a bad film\n1 fine\n0 poor\n1 nice , really\n", ["a good film", "1"]],
    [
      "names with a colon",
      "ham: hi there\nspam: win now\nham: see you\nspam: call now, please\nham: ok\n",
      ["hi there", "ham"],
    ],
  ])("%s", async (_, text, first) => {
    const { format, rows } = await readText(text);
    expect(format.kind).toBe("label-first");
    expect(rows[0]).toEqual(first);
    expect(rows).toHaveLength(5);
  });

  it("plain sentences are no labels with texts", async () => {
    expect((await readText("text\nthe end\nthe start\na way\nthe road\n")).format.kind).toBe("delimited");
  });

  it.each(["EU NNP I-NP B-ORG", "EU\tB-ORG"])("CoNLL with %s", async (first) => {
    const rest = first.replace("EU", "rejects").replace("B-ORG", "O");
    const { format, rows, lines } = await readText(
      `-DOCSTART- -X- O O\n\n${first}\n${rest}\n\n${first}\n${rest}\n${first}\n`,
    );
    expect(format.kind).toBe("conll");
    expect(rows[0]).toEqual(['["EU","rejects"]', '["B-ORG","O"]']);
    expect(rows).toHaveLength(2);
    expect([...(lines ?? [])]).toEqual([3, 6]);
  });

  it("parallel files, in any order, with names of the labels", async () => {
    const files = [
      textSource("labels.txt", "0\n1\n0\n"),
      textSource("classes.txt", "World\nSport\n"),
      textSource("texts.txt", "one text\nanother one\nand a third\n"),
    ];
    const table = await readTable(files);
    expect(table.format.kind).toBe("parallel");
    expect(byRow(table.cells)).toEqual([
      ["one text", "World"],
      ["another one", "Sport"],
      ["and a third", "World"],
    ]);
    const problem = await thrownBy(readTable([textSource("a.txt", "1\n2\n3\n"), textSource("b.txt", "x\n")]));
    expect(problem.found).toContain("a.txt has 3, b.txt has 1");
  });
});

describe("Parquet", () => {
  it.each(["snappy", "zstd", "gzip", "brotli", "lz4", "none"])(
    "%s, with class names of the metadata",
    async (codec) => {
      const { format, columns, rows, lines } = await readFormat(`sentiment-${codec}.parquet`);
      expect(format).toMatchObject({ kind: "parquet", encoding: "utf-8", header: true });
      expect(columns).toEqual(["text", "label"]);
      expect(rows).toHaveLength(40);
      expect(rows[4]).toEqual(["naïve café – “good” 4", "neg"]);
      expect(rows[39]?.[1]).toBe("pos");
      expect(lines).toBeNull();
    },
  );

  it("class names within lists", async () => {
    const { columns, rows } = await readFormat("tags-in-lists.parquet");
    expect(columns).toEqual(["id", "tokens", "ner_tags"]);
    expect(rows[0]).toEqual(["0", '["Anna","lives","in","Paris"]', '["B-PER","O","O","B-LOC"]']);
  });

  it("dates, numbers, truth values, structures and missing values", async () => {
    const { rows } = await readFormat("plain-types.parquet");
    expect(rows[1]).toEqual(["a lamp is the worst 1", "2024-01-02", "0.25", "false", '{"a":1,"b":"x"}', ""]);
  });

  it("refuses what is cut off", async () => {
    const whole = readFileSync(`${formats}sentiment-snappy.parquet`);
    for (const end of [4, 100, whole.length - 9]) {
      const cut = new Uint8Array(whole.subarray(0, end));
      expect((await thrownBy(readTable(bytesSource("x.parquet", cut)))).found).toContain("Parquet");
    }
  });
});

describe("XLSX", () => {
  it("takes the first sheet with a table, without its title", async () => {
    const { format, columns, rows, sheets, lines } = await readFormat("reviews.xlsx");
    expect(format).toMatchObject({ kind: "xlsx", sheet: "Reviews", header: true, delimiter: null });
    expect(sheets).toEqual(["Read me", "Validation"]);
    expect(columns).toEqual(["id", "text", "label", "date", "ok", "score"]);
    expect(rows).toHaveLength(40);
    expect(rows[0]).toEqual(["0", "the soup was dull 0", "neg", "2024-05-01", "true", "0.3"]);
    expect(lines?.[0]).toBe(4);
  });

  it("another sheet by name, and refuses one that is not there", async () => {
    expect((await readFormat("reviews.xlsx", { sheet: "Validation" })).rows).toHaveLength(10);
    expect((await thrownBy(readFormat("reviews.xlsx", { sheet: "Test" }))).expected).toContain("Reviews");
  });

  it("texts within the sheet, in Cyrillic, with entities", async () => {
    const { format, columns, rows } = await readFormat("inline.xlsx");
    expect(format.sheet).toBeNull();
    expect(columns).toEqual(["отзыв", "оценка"]);
    expect(rows[1]).toEqual(["Фильм отличный & <очень> смешной 1", "хорошо"]);
  });
});

describe("gzip and zip", () => {
  const gz = (data: Uint8Array) => new Uint8Array(gzipSync(data));

  it.each<[string, () => Uint8Array]>([
    ["CSV", () => bytes(csv)],
    ["JSON Lines", () => bytes('{"text":"a good film","label":"pos"}\n{"text":"a bad film","label":"neg"}\n')],
    ["a list of objects", () => bytes('[{"text":"a good film","label":"pos"},{"text":"a bad film","label":"neg"}]')],
  ])("gzip of %s", async (_, make) => {
    expect(byRow((await readTable(bytesSource("x.gz", gz(make())))).cells)).toEqual(two);
  });

  it("gzip of Parquet and of a workbook", async () => {
    for (const name of ["sentiment-zstd.parquet", "inline.xlsx"]) {
      const table = await readTable(bytesSource(`${name}.gz`, gz(readFileSync(formats + name))));
      expect(table.rowCount).toBeGreaterThan(10);
    }
  });

  it("gzip of several members", async () => {
    const members = [...gz(bytes("text,label\na good film,pos\n")), ...gz(bytes("a bad film,neg\n"))];
    expect(byRow((await readTable(bytesSource("x.csv.gz", Uint8Array.from(members)))).cells)).toEqual(two);
  });

  it("a zip's training table, with the others to be named", async () => {
    const zip = zipSync({
      "__MACOSX/._train.csv": bytes("x"),
      "README.txt": bytes("about this"),
      "data/test.csv": bytes(csv + csv),
      "data/train.csv": bytes(csv),
    });
    const table = await readTable(bytesSource("x.zip", new Uint8Array(zip)));
    expect(byRow(table.cells)).toEqual(two);
    expect(table.format.sheet).toBe("data/train.csv");
    expect(table.sheets).toEqual(["data/test.csv"]);
    const test = await readTable(bytesSource("x.zip", new Uint8Array(zip)), { sheet: "data/test.csv" });
    expect(test.rowCount).toBe(4);
    expect(test.faults.repeatedHeaders.count).toBe(1);
  });

  it("refuses what unpacks to far more than a table", async () => {
    const zeros = new Uint8Array(120_000_000);
    const packed = gz(zeros);
    expect((await thrownBy(readTable(bytesSource("x.csv.gz", packed)))).found).toContain("unpacks to far more");
    const zip = zipSync({ "a.csv": zeros });
    expect((await thrownBy(readTable(bytesSource("x.zip", new Uint8Array(zip))))).found).toContain(
      "unpacks to far more",
    );
    const lying = new Uint8Array(zip);
    new DataView(lying.buffer).setUint32(lying.length - 22 - 51 + 24, 1000, true);
    expect((await thrownBy(readTable(bytesSource("x.zip", lying)))).found).toMatch(/not a sound zip/);
  });

  it("refuses a cut gzip and an empty zip", async () => {
    const whole = gz(bytes(Array.from({ length: 40 }, (_, i) => `some words ${i * i},${i % 2}\n`).join("")));
    for (let end = 30; end < whole.length; end++) {
      const cut = whole.slice(0, end);
      expect((await thrownBy(readTable(bytesSource("x.gz", cut)))).found).toContain("to its end");
    }
    expect((await readTable(bytesSource("x.gz", whole))).rowCount).toBe(40);
    expect((await thrownBy(readTable(bytesSource("x.zip", new Uint8Array(zipSync({})))))).found).toContain("empty zip");
  });
});

describe("what is no table says what it is", () => {
  it.each<[string, string | number[], RegExp]>([
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n", /Git LFS pointer/],
    ["a web page", "\n<!DOCTYPE html>\n<html><body>x</body></html>", /web page/],
    ["another web page", "<html lang='de'><head></head>", /web page/],
    ["an SVG", '<?xml version="1.0"?><svg></svg>', /image \(SVG\)/],
    ["an XML file", '<?xml version="1.0"?><rows><row/></rows>', /XML file/],
    ["a PDF", "%PDF-1.7 x", /a PDF/],
    ["a PNG", [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], /PNG/],
    ["a JPEG", [0xff, 0xd8, 0xff, 0xe0], /JPEG/],
    ["a NumPy array", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], /NumPy/],
    ["a pickle", [0x80, 4, 0x95, 1, 0], /pickle/],
    ["SQLite", "SQLite format 3\0", /SQLite/],
    ["bzip2", "BZh91AY", /bzip2/],
    ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], /xz file/],
    ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd], /Zstandard/],
    ["7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], /7z/],
    ["Feather", "FEA1xx", /Feather/],
  ])("%s", async (_, content, what) => {
    const data = typeof content === "string" ? bytes(content) : Uint8Array.from(content);
    expect((await thrownBy(readTable(bytesSource("data.csv", new Uint8Array(data))))).found).toMatch(what);
  });

  it.each([
    ["old.xls", /\.xls/],
    ["locked.xlsx", /password/],
    ["a.arrow", /Arrow/],
  ])("%s", async (name, what) => {
    expect((await thrownBy(readFormat(name))).found).toMatch(what);
  });

  it.each<[string, Record<string, Uint8Array>, RegExp]>([
    ["ods", { mimetype: bytes("application/vnd.oasis.opendocument.spreadsheet") }, /\.ods/],
    ["docx", { "[Content_Types].xml": bytes("<x/>"), "word/document.xml": bytes("<x/>") }, /\.docx/],
    ["npz", { "arr_0.npy": bytes("x") }, /\.npz/],
    ["a zip of pictures", { "a.png": bytes("x"), "b.png": bytes("y") }, /no table in it, but a\.png/],
  ])("%s", async (_, members, what) => {
    expect((await thrownBy(readTable(bytesSource("x", new Uint8Array(zipSync(members)))))).found).toMatch(what);
  });
});
