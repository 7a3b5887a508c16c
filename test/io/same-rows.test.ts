import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { readTable } from "../../src/io/read-table.ts";
import { byRow } from "../data/cells.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function read(bytes: Uint8Array, pieceBytes?: number) {
  const { cells, columns, format, lines, faults } = await readTable(
    bytesSource("x", new Uint8Array(bytes)),
    {},
    pieceBytes,
  );
  return { rows: byRow(cells), columns, format, lines: [...(lines ?? [])], faults };
}

describe("the rows of a file do not depend on", () => {
  const quoted = 'text\tlabel\r\n"a ""good""\r\nfilm"\tpos\r\n"é 😀"\tneg\r\nlast one\tpos';
  it.each<[string, Uint8Array]>([
    ["quotes and CRLF", encode(quoted)],
    ["a quote that means nothing", encode('text|label\n"a b|x\nc d|y\ne f|x\n')],
    ["CR rows with LF in cells", encode("text,label\ra\nb,x\rc d,y\re f,x\r")],
    ["a second byte order mark", encode("\ufeff\ufefftext,label\na b,x\n\ufeffc d,y\n")],
    ["mixed encodings", Uint8Array.from([...encode("text,label\nnaïve é,x\nüber,y\n"), 0x63, 0xe9, 0x2c, 0x78, 0x0a])],
    ["UTF-16", new Uint8Array(Buffer.from(`\ufeff${quoted}`, "utf16le"))],
    ["JSON Lines", encode('{"text":"a\\nb","label":"é"}\r\n{"text":"c","label":"x"}\r\n')],
    ["a JSON list", encode('[{"text":"a, [b]","label":"é"},\n{"text":"c\\"}","label":"x"}]')],
    ["backslashes", encode('text,label\n"a \\"b\\", c",x\n"d \\"e\\"",y\n"f",x\n')],
  ])("where it is cut: %s", async (_, bytes) => {
    const whole = await read(bytes);
    expect(whole.rows.length).toBeGreaterThan(1);
    for (let size = 1; size <= bytes.length; size++) expect(await read(bytes, size)).toEqual(whole);
  });

  const cell = fc.string({ unit: fc.constantFrom("a", "é", " ", ",", ";", '"', "\n", "я", "字", "x"), minLength: 1 });
  const table = fc.array(fc.tuple(cell, cell, fc.constantFrom("pos", "neg")), { minLength: 3, maxLength: 8 });
  const csvOf = (rows: string[][]) =>
    rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",") + "\n").join("");
  const names = ["text", "comment", "label"];

  it("the encoding of the same table", async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = csvOf([names, ...rows.map(([a, b, c]) => [`я${a}z`, `字${b}z`, c])]);
        const expected = (await read(encode(text))).rows;
        const littleEndian = Buffer.from(text, "utf16le");
        const bigEndian = Buffer.from(littleEndian).swap16();
        for (const bytes of [encode(`\ufeff${text}`), littleEndian, bigEndian]) {
          expect((await read(new Uint8Array(bytes))).rows).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("the order of the columns", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), async (rows, order) => {
        const all: string[][] = [names, ...rows.map(([a, b, c]) => [`q${a}z`, `r${b}z`, c])];
        const plain = await read(encode(csvOf(all)));
        const moved = await read(encode(csvOf(all.map((row) => order.map((column) => row[column] ?? "")))));
        expect(moved.columns).toEqual(order.map((column) => plain.columns[column]));
        expect(moved.rows).toEqual(plain.rows.map((row) => order.map((column) => row[column])));
      }),
      { numRuns: 60 },
    );
  });
});
