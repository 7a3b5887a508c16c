import { describe, expect, it } from "vitest";
import { readTable } from "../../src/io/read-table.ts";
import { byRow } from "../data/cells.ts";
import { textSource } from "./model-folder.ts";

async function read(text: string) {
  const table = await readTable(textSource("x.txt", text));
  return { ...table, rows: byRow(table.cells) };
}

const films = ["a dull film, alas", "a good film", "an odd film", "a nice film", "a film, no more", "a long film"];
const moods = ["neg", "pos"];
const lines = (row: (text: string, mood: string, place: number) => string) =>
  films.map((text, place) => row(text, moods[place % 2] ?? "", place)).join("\n");

describe("rows with names, for which the header has no cell", () => {
  it.each([
    ["tabs", `text\tmood\n${lines((text, mood, place) => `${place + 1}\t${text}\t${mood}`)}\n`],
    [
      "commas, of rows that were chosen",
      `"text","mood"\n${lines((text, mood, place) => `"${7 * place}","${text}","${mood}"`)}\n`,
    ],
    ["spaces between quotes", `"text" "mood"\n${lines((text, mood, place) => `"${place + 1}" "${text}" "${mood}"`)}\n`],
  ])("%s", async (_, text) => {
    const { columns, rows, faults } = await read(text);
    expect(columns).toEqual(["column 1", "text", "mood"]);
    expect(rows.map((row) => row[1])).toEqual(films);
    expect(rows[1]?.[2]).toBe("pos");
    expect(faults.spilled.count).toBe(0);
  });

  it("but not rows whose last cell has no name", async () => {
    const text = `mood,text\n${lines((film, mood) => `${mood},${film.replace(",", "")}, really`)}\n`;
    const { columns, rows, faults } = await read(text);
    expect(columns).toEqual(["mood", "text", "column 3"]);
    expect(rows[0]?.[0]).toBe("neg");
    expect(faults.spilled.count).toBe(6);
  });
});

describe("rows that begin with a number which the header names", () => {
  it.each(["id", "Nr."])("%s", async (name) => {
    const text = `${name},text\n${lines((film, _, place) => `${place},${film.replace(",", "")}, really`)}\n`;
    expect((await read(text)).columns).toEqual([name, "text", "column 3"]);
  });
});

describe("tables that are drawn in text", () => {
  it.each([
    ["Markdown", `| text | mood |\n|:---|---:|\n${lines((text, mood) => `| ${text} | ${mood} |`)}\n`],
    [
      "MySQL's frame",
      `+-----+----+\n| text | mood |\n+-----+----+\n${lines((text, mood) => `| ${text} | ${mood} |`)}\n+-----+----+\n`,
    ],
    ["PostgreSQL's rule", ` text | mood \n------+------\n${lines((text, mood) => ` ${text} | ${mood}`)}\n`],
  ])("%s: rules are no rows", async (_, text) => {
    const { columns, rows, rowCount } = await read(text);
    const place = columns.indexOf("text");
    expect(columns.slice(place)).toEqual(["text", "mood"]);
    expect(rowCount).toBe(6);
    expect(rows.map((row) => row[place]?.trim())).toEqual(films);
  });
});

describe("delimiters that common words hold too", () => {
  it.each([
    ["@", `${lines((text, mood) => `${text} .@${mood}`)}\r\n`, false],
    ["#", `text#mood\n${lines((text, mood) => `${text}#${mood}`)}\n`, true],
    ["=", `mood=text\n${lines((text, mood) => `${mood}=${text}`)}\n`, true],
  ])("%s", async (delimiter, text, header) => {
    const { format, rowCount, columns } = await read(text);
    expect(format).toMatchObject({ delimiter, header });
    expect([rowCount, columns.length]).toEqual([6, 2]);
  });

  it.each([
    ["what is said in turn", lines((text, mood) => `${mood === "pos" ? "Ann" : "Otto"}: ${text}`)],
    ["texts with an address each", lines((text, _, place) => `${text} write to me${place}@films.example`)],
    ["words between spaces", lines((text) => text.replace(",", ""))],
  ])("do not cut %s", async (_, text) => {
    expect((await read(`text\n${text}\n`)).format.delimiter).toBe(",");
  });
});
