import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { readTable } from "../../src/io/read-table.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { byRow } from "../data/cells.ts";
import { textSource } from "./model-folder.ts";
import { Problem } from "../../src/problem/problem.ts";
import { thrownBy } from "./thrown-by.ts";

const cases = new URL("../cases/", import.meta.url).pathname;
const record = v.record(v.string(), v.string());
const expectedRows = v.pipe(
  v.union([v.array(record), record]),
  v.transform((value) => (Array.isArray(value) ? value : [value])),
);

const none = { count: 0, rows: [] };

/** What is read of a file, its cells by row. */
async function parsed(...args: Parameters<typeof readTable>) {
  const { cells, ...table } = await readTable(...args);
  return { ...table, rows: byRow(cells) };
}

describe("readTable on csv-spectrum", () => {
  const names = readdirSync(`${cases}csv-spectrum/csvs`).map((file) => file.replace(".csv", ""));

  it("has the twelve cases", () => {
    expect(names).toHaveLength(12);
  });

  it.each(names)("reads %s as its JSON has it", async (name) => {
    const expected = v.parse(expectedRows, JSON.parse(readFileSync(`${cases}csv-spectrum/json/${name}.json`, "utf8")));
    let csv = readFileSync(`${cases}csv-spectrum/csvs/${name}.csv`, "utf8");
    // The collection's own repository lost the line ends that the names promise and that the JSON of one still has.
    if (name.endsWith("_crlf")) csv = csv.replaceAll("\n", "\r\n");
    // And the JSON of one has another telephone number than its CSV.
    if (name === "location_coordinates") csv = csv.replace("2095257564", "1234567890");

    const { columns, rows, faults } = await parsed(textSource(`${name}.csv`, csv), { header: true });
    expect(rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])))).toEqual(
      expected,
    );
    expect(faults.unclosed).toBeNull();
    expect(faults.short).toEqual(none);
  });
});

describe("readTable", () => {
  it("gives any table back, whatever the cells, delimiter and line ends", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", " ", ",", ";", "\t", '"', "'", "\n", "|", "😀") });
    // A row of one empty cell is a blank line, and cells of spaces alone would be trailing columns without content.
    const row = fc.tuple(fc.constantFrom("x", "y"), cell, cell, fc.constant("end"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1 }),
        fc.constantFrom<("," | ";" | "\t" | "|")[]>(",", ";", "\t", "|"),
        fc.constantFrom("\n", "\r\n"),
        async (rows, delimiter, newline) => {
          const quoted = (cells: string[]) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter);
          const text = [["one", "two", "three", "four"], ...rows].map(quoted).join(newline) + newline;
          const table = await parsed(textSource("x.csv", text), { delimiter, quote: '"', header: true });
          expect(table.columns).toEqual(["one", "two", "three", "four"]);
          expect(table.rows).toEqual(rows);
        },
      ),
    );
  });

  it("reads a Latin-1 file whose texts run over into columns without a name", async () => {
    const { format, columns, rows, faults } = await parsed(await fileSource(`${cases}tables/sms-latin1.csv`));
    expect(format).toMatchObject({ encoding: "windows-1252", delimiter: ",", quote: '"', header: true });
    expect(columns).toEqual(["class", "message", "column 3", "column 4", "column 5"]);
    expect(rows).toHaveLength(120);
    expect(rows[5]?.[1]).toContain("XxX std chgs to send, å£1.50 to rcv");
    expect(faults.spilled).toEqual({ count: 2, rows: [96, 120] });
    expect(rows[95]?.slice(2, 4)).toEqual([" PO Box 5249", ' MK17 92H. 450Ppw 16"']);
    expect(rows[0]).toHaveLength(5);
  });

  it("reads a TSV without a header whose quotes mean nothing", async () => {
    const { format, rows } = await parsed(await fileSource(`${cases}tables/sms-collection.tsv`));
    expect(format).toMatchObject({ encoding: "utf-8", delimiter: "\t", quote: "", header: false });
    expect(rows).toHaveLength(202);
    expect(rows.every((row) => row.length === 2 && (row[0] === "ham" || row[0] === "spam"))).toBe(true);
  });

  it("drops trailing columns with neither name nor content, and keeps those with either", async () => {
    const dropped = await parsed(textSource("x.csv", "a,b,,\n1,2,,\n3,4, ,\n"), { header: true });
    expect(dropped.columns).toEqual(["a", "b"]);
    expect(dropped.rows).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
    expect(dropped.faults.spilled).toEqual(none);
    const kept = await readTable(textSource("x.csv", ",b,c\n1,2,\n3,4,\n"), { header: true });
    expect(kept.columns).toEqual(["column 1", "b", "c"]);
  });

  it("fills short rows, counts them, and joins what lies far to the right", async () => {
    const long = Array.from({ length: 60 }, (_, index) => String(index)).join(",");
    const { columns, rows, faults } = await parsed(textSource("x.csv", `a,b\n1\n\n2,3\n${long}\n`), { header: true });
    expect(faults.short).toEqual({ count: 1, rows: [1] });
    expect(faults.spilled).toEqual({ count: 1, rows: [3] });
    expect(rows[0]).toEqual(["1", ...Array<string>(21).fill("")]);
    expect(columns).toHaveLength(22);
    expect(rows[2]?.join(",")).toBe(long);
  });

  it("takes line ends of both kinds in one file, and those of old Macs", async () => {
    const mixed = await parsed(textSource("x.csv", 'a,b\r\n1,"x"\n2,"y"\r\n3,z\r\n'), { header: true });
    expect(mixed.rows).toEqual([
      ["1", "x"],
      ["2", "y"],
      ["3", "z"],
    ]);
    const mac = await parsed(textSource("x.csv", "a,b\r1,x\r2,y\r"), { header: true });
    expect(mac.rows).toEqual([
      ["1", "x"],
      ["2", "y"],
    ]);
  });

  it("keeps a column that is called __proto__, and constructor", async () => {
    const { columns, rows } = await parsed(textSource("x.csv", "__proto__,constructor\nhello there,spam\n"));
    expect(columns).toEqual(["__proto__", "constructor"]);
    expect(rows).toEqual([["hello there", "spam"]]);
    expect(Object.prototype).not.toHaveProperty("hello there");
  });

  it("says which row a quote that never closes begins in, and what it swallowed", async () => {
    const text = 'text,label\ngood,x\n"bad,y\n' + "more,x\n".repeat(5);
    const { rows, faults } = await parsed(textSource("x.csv", text), { delimiter: ",", header: true });
    expect(rows).toHaveLength(2);
    expect(faults.unclosed).toEqual({ row: 2, lines: 6 });
    const overruled = await parsed(textSource("x.csv", text), { delimiter: ",", header: true, quote: "" });
    expect(overruled.rows).toHaveLength(7);
    expect(overruled.faults.unclosed).toBeNull();
  });

  it("reports quotes within quotes that are not doubled", async () => {
    const { faults } = await readTable(textSource("x.csv", 'a,b\n"say "hi" now",x\nok,y\n'), { header: true });
    expect(faults.strayQuotes).toEqual({ count: 1, rows: [1] });
  });

  it("reads a cell of 10 MB and points at it", async () => {
    const huge = "word, ".repeat(1_750_000);
    const { rows, faults } = await parsed(textSource("x.csv", `text,label\n"${huge}",x\nshort,y\n`));
    expect(rows).toHaveLength(2);
    expect(rows[0]?.[0] === huge).toBe(true);
    expect(faults.huge).toEqual({ count: 1, rows: [1] });
  });

  it("reads a file that comes in many pieces, quoted line ends and faults near its end included", async () => {
    const row = (i: number) => `"row ${i}, with\na line end ${"é".repeat(40)}",x`;
    const lines = Array.from({ length: 90_000 }, (_, i) => (i === 89_990 ? '"say "hi" now",y' : row(i)));
    const source = textSource("x.csv", ["text,label", ...lines, '"open,z', "more"].join("\n"));
    expect(source.size).toBeGreaterThan(2 * (4 << 20));
    const { rowCount, cells, faults } = await readTable(source, { delimiter: ",", quote: '"', header: true });
    expect(rowCount).toBe(90_001);
    const texts = Array.from(cells[0] ?? []);
    const wrong = texts.slice(0, 89_990).findIndex((text, i) => `"${text}",x` !== row(i));
    expect(wrong).toBe(-1);
    expect(texts.at(-1)).toBe("open,z\nmore");
    expect(faults.strayQuotes).toEqual({ count: 1, rows: [89_991] });
    expect(faults.unclosed).toEqual({ row: 90_001, lines: 1 });
  });

  it("counts rows with characters that could not be read", async () => {
    const bytes = [...Buffer.from(`text,label\n${"é".repeat(30)},x\n`), 0xff, ...Buffer.from(",y\nz,x\n")];
    const { faults } = await readTable(bytesSource("x.csv", Uint8Array.from(bytes)));
    expect(faults.replaced).toEqual({ count: 1, rows: [2] });
  });
});

describe("readTable refuses", () => {
  it("bytes of any kind with a Problem, or makes a table of them with a name for every cell's column", async () => {
    const texty = fc.string({ unit: fc.constantFrom("a", "1", ",", ";", "\t", '"', "'", "\n", "\r", " ", "|", "\0") });
    const bytes = fc.oneof(
      fc.uint8Array(),
      texty.map((text) => new TextEncoder().encode(text)),
    );
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(bytes, async (some) => {
        try {
          const { columns, cells, rowCount } = await readTable(bytesSource("x.csv", new Uint8Array(some)));
          outcomes.add("read");
          expect(rowCount).toBeGreaterThan(0);
          expect(cells.map((column) => column.length)).toEqual(columns.map(() => rowCount));
        } catch (error) {
          outcomes.add("refused");
          expect(error).toBeInstanceOf(Problem);
        }
      }),
      { numRuns: 1000 },
    );
    expect([...outcomes].sort()).toEqual(["read", "refused"]);
  });

  it.each([
    ["an empty file", ""],
    ["blank lines alone", " \n\n\r\n"],
    ["a header alone", "text,label\n"],
    ["a header and blank lines", "text,label\n\n\n"],
  ])("%s", async (_, text) => {
    expect((await thrownBy(readTable(textSource("my.csv", text)))).found).toMatch(/^my\.csv (is empty|holds|has)/);
  });

  it("binary garbage, with and without zero bytes", async () => {
    const garbage = (from: number) =>
      Uint8Array.from({ length: 5000 }, (_, index) => from + ((index * 7919 + (index >> 3) * 104729) % (256 - from)));
    for (const from of [0, 1]) {
      const problem = await thrownBy(readTable(bytesSource("x.csv", garbage(from))));
      expect(problem.found).toContain("does not look like text");
    }
  });

  it("a file too large for one string before reading it", async () => {
    const large = { name: "x.csv", size: 600e6, slice: () => Promise.reject(new Error("was read")) };
    expect((await thrownBy(readTable(large))).found).toContain("600 MB");
  });
});
