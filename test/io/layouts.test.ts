import { describe, expect, it } from "vitest";
import { readTable } from "../../src/io/read-table.ts";
import { byRow } from "../data/cells.ts";
import { textSource } from "./model-folder.ts";

async function read(text: string) {
  const table = await readTable(textSource("x.csv", text));
  return { ...table, rows: byRow(table.cells) };
}

const body = "a dull film,neg\na good film,pos\nan odd film,neg\na nice film,pos\n";

describe("titles, comments and headers", () => {
  it.each<[string, string, string[], number]>([
    ["sep=", `sep=,\r\ntext,label\r\n${body}`, ["text", "label"], 1],
    ["a quoted sep=", `"sep=;"\ntext;label\n${body.replaceAll(",", ";")}`, ["text", "label"], 1],
    ["a comment", `# exported in May, by hand, again\ntext,label\n${body}`, ["text", "label"], 1],
    [
      "a title and a blank line",
      `Umfrage 2024;\n;\nKommentar;Bewertung\n${body.replaceAll(",", ";")}`,
      ["Kommentar", "Bewertung"],
      2,
    ],
    [
      "Orange's three lines",
      `text\tlabel\nstring\tdiscrete\nmeta\tclass\n${body.replaceAll(",", "\t")}`,
      ["text", "label"],
      0,
    ],
    ["invisible characters about names", `\u200btext\u200b,label\u2060 \n${body}`, ["text", "label"], 0],
    ["a byte order mark on each name", `\ufefftext,\ufefflabel\n${body}`, ["text", "label"], 0],
    ["pandas' numbers", `0,1\n${body}`, ["0", "1"], 0],
    ["a class as a name", `review,neg\n${body}`, ["review", "neg"], 0],
    ["a class as a name in Russian", `отзыв,neg\n${body}`, ["отзыв", "neg"], 0],
    [
      "questions",
      `What did you like or dislike about the film that you saw?,How would you call it?\n${body}`,
      ["What did you like or dislike about the film that you saw?", "How would you call it?"],
      0,
    ],
  ])("%s", async (_, text, columns, skipped) => {
    const table = await read(text);
    expect(table.columns).toEqual(columns);
    expect(table.rows.map((row) => row[1])).toEqual(["neg", "pos", "neg", "pos"]);
    expect(table.format).toMatchObject({ header: true, skippedLines: skipped });
  });

  it("pandas' numbers with an index", async () => {
    const { columns, rows } = await read(",0,1\n0,a dull film,neg\n1,a good film,pos\n2,odd one,neg\n");
    expect(columns).toEqual(["column 1", "0", "1"]);
    expect(rows).toHaveLength(3);
  });

  it("a header in the middle is left out and noted", async () => {
    const { rows, faults, lines } = await read(`text,label\n${body}text,label\n${body}`);
    expect(rows).toHaveLength(8);
    expect(faults.repeatedHeaders).toEqual({ count: 1, rows: [5] });
    expect(lines?.[4]).toBe(7);
  });

  it.each([body, `1,${body.replaceAll("\n", "\n1,").slice(0, -2)}`, `fine,\n${body}`])(
    "keeps a first row of data: %s",
    async (text) => {
      const { format, rows } = await read(text);
      expect(format.header).toBe(false);
      expect(rows.length).toBe(text.trim().split("\n").length);
    },
  );
});

describe("quotes and row ends", () => {
  it("apostrophes that quote some cells alone", async () => {
    const text = "text;label\n'one; two \"three\"';pos\nfour;neg\n'it''s; five';pos\nsix;neg\n'\"seven\"; eight';pos\n";
    const { format, rows } = await read(text);
    expect(format).toMatchObject({ delimiter: ";", quote: "'" });
    expect(rows.map((row) => row[0])).toEqual(['one; two "three"', "four", "it's; five", "six", '"seven"; eight']);
  });

  it.each([";", "|", "\t"])(
    "quotes that mean nothing in a file cut by %j, far behind its beginning too",
    async (delimiter) => {
      const row = (i: number) =>
        i === 9000 || i === 9500 ? `"open ${i}${delimiter}pos` : `some words here ${i}${delimiter}neg`;
      const text = [`content${delimiter}label`, ...Array.from({ length: 10_000 }, (_, i) => row(i))].join("\n");
      const { rows, format, lines } = await read(text);
      expect(format.quote).toBe("");
      expect(rows).toHaveLength(10_000);
      expect(rows[9000]?.[0]).toBe('"open 9000');
      expect(lines?.[9999]).toBe(10_001);
    },
  );

  it("backslashes before quotes, and spaces before the quote that opens", async () => {
    const escaped = await read('text,label\n"say \\"hi\\", now",x\n"and \\"so\\"",y\n"c",x\n');
    expect(escaped.rows[0]).toEqual(['say "hi", now', "x"]);
    const spaced = await read('text, label\n"a, b", "x"\n"c, d", "y"\n"e", "x"\n');
    expect(spaced.rows).toEqual([
      ["a, b", "x"],
      ["c, d", "y"],
      ["e", "x"],
    ]);
  });

  it("rows that end with CR or CRLF, with LF within cells", async () => {
    for (const end of ["\r", "\r\n"]) {
      const { rows } = await read(["text,label", "one\ntwo,x", "three,y", "four\nfive,x", ""].join(end));
      expect(rows).toEqual([
        ["one\ntwo", "x"],
        ["three", "y"],
        ["four\nfive", "x"],
      ]);
      const quoted = await read(
        ["text,label", '"one\ntwo",x', '"three\nfour",y', '"five\nsix, seven",x', ""].join(end),
      );
      expect(quoted.columns).toEqual(["text", "label"]);
      expect(quoted.rows.map((row) => row[1])).toEqual(["x", "y", "x"]);
    }
  });
});
