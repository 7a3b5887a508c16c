import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { DOUBTFUL, readTable } from "../../src/io/read-table.ts";
import { byRow } from "../data/cells.ts";

const folder = new URL("../cases/encodings/", import.meta.url).pathname;
const files = readdirSync(folder).filter((name) => name.endsWith(".tsv") && !name.includes(".utf-8."));

/** Encodings that give the same text where the letters that differ do not occur. */
const equal = new Map([
  ["iso-8859-2", ["windows-1250"]],
  ["iso-8859-7", ["windows-1253"]],
]);

async function readBytes(bytes: Iterable<number>) {
  const table = await readTable(bytesSource("x.csv", Uint8Array.from(bytes)));
  return { ...table, rows: byRow(table.cells) };
}

describe("the encoding of a table", () => {
  it("is tried in many languages", () => expect(files.length).toBeGreaterThanOrEqual(40));

  it.each(files)("%s", async (name) => {
    const [language = "", encoding = ""] = name.split(".");
    const expected = await readTable(await fileSource(`${folder}${language}.utf-8.tsv`));
    const found = await readTable(await fileSource(folder + name));
    expect([encoding, ...(equal.get(encoding) ?? [])]).toContain(found.format.encoding);
    expect(byRow(found.cells)).toEqual(byRow(expected.cells));
    expect(found.encodingConfidence).toBeGreaterThanOrEqual(DOUBTFUL);
  });

  it("is doubtful where a single letter tells", async () => {
    const { format, encodingConfidence, rows } = await readBytes(
      Buffer.from("text,label\ncaf\xe9 one,x\ntea,y\n", "latin1"),
    );
    expect(format.encoding).toBe("windows-1252");
    expect(encodingConfidence).toBeLessThan(DOUBTFUL);
    expect(rows[0]?.[0]).toBe("café one");
  });

  it("is UTF-8 where some lines are not, which are read in their own and noted", async () => {
    const utf8 = Buffer.from("text,label\nnaïve façade,x\nüber Ärger,y\nplain,x\n");
    const { format, faults, rows } = await readBytes([...utf8, ...Buffer.from("d\xe9j\xe0 vu \x80,y\n", "latin1")]);
    expect(format.encoding).toBe("utf-8");
    expect(rows[3]?.[0]).toBe("déjà vu €");
    expect(faults.mixedEncoding).toEqual({ count: 1, rows: [5] });
  });

  it.each<[string, string]>([
    ["French", "cafÃ© noir"],
    ["English", "donâ€™t"],
    ["Russian", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚"],
    ["Russian by way of Windows-1251", "РїСЂРёРІРµС‚"],
  ])("notes what was encoded twice: %s", async (_, text) => {
    expect((await readBytes(Buffer.from(`text,label\n${text},x\nfine,y\n`))).faults.doubleEncoded).toEqual({
      count: 1,
      rows: [1],
    });
  });

  it.each(["«l’été» où êtes-vous", "ESPAÑA está aquí", "Смысл Россия", "ÂGE Ã", "3 £ – 5 €"])(
    "lets %s be",
    async (text) => {
      expect((await readBytes(Buffer.from(`text,label\n"${text}",x\nfine,y\n`))).faults.doubleEncoded.count).toBe(0);
    },
  );

  it("leaves out zero bytes, and notes them", async () => {
    const { rows, faults } = await readBytes(Buffer.from(`text,label\na\0b,x\n${"some plain words,y\n".repeat(40)}`));
    expect(rows[0]?.[0]).toBe("ab");
    expect(faults.nul).toEqual({ count: 1, rows: [1] });
  });

  it.each(["utf-32le", "utf-32be"])("%s, with a mark and without", async (encoding) => {
    const table = "text,label\nдобрый день 😀,x\nsome words,y\n";
    for (const text of [`\ufeff${table}`, table]) {
      const bytes = new DataView(new ArrayBuffer(4 * [...text].length));
      [...text].forEach((one, i) => bytes.setUint32(4 * i, one.codePointAt(0) ?? 0, encoding === "utf-32le"));
      const { format, rows } = await readBytes(new Uint8Array(bytes.buffer));
      expect(format.encoding).toBe(encoding);
      expect(rows[0]?.[0]).toBe("добрый день 😀");
    }
  });
});
