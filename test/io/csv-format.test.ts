import { describe, expect, it } from "vitest";
import { commonWidth, detectDialect } from "../../src/io/csv-dialect.ts";
import { findHeading } from "../../src/io/csv-header.ts";
import { isBlank, scanRows } from "../../src/io/row-scanner.ts";
import type { FormatOverrides } from "../../src/io/parsed-table.ts";

interface Layout {
  delimiter: string;
  quote: string;
  header: boolean;
}

function sniffFormat(sample: string, overrides: FormatOverrides = {}): Layout {
  const dialect = detectDialect(sample, overrides);
  const rows = scanRows(sample, dialect);
  const width = commonWidth(rows.filter(({ cells }) => !isBlank(cells)));
  const { header } = findHeading(rows, width, overrides.header);
  return { delimiter: dialect.delimiter, quote: dialect.quote, header };
}

describe("detectDialect and findHeading", () => {
  it.each<[string, string, Layout]>([
    ["commas", "text,label\nhello there,ham\ngood bye,spam\n", { delimiter: ",", quote: '"', header: true }],
    ["semicolons with decimal commas", "text;score\na b;1,5\nc d;2,25\n", { delimiter: ";", quote: '"', header: true }],
    [
      "tabs, with commas in the text",
      "ham\tOk, lar, joking\nspam\tWin, now\nham\tno\n",
      { delimiter: "\t", quote: '"', header: false },
    ],
    ["bars", "text|label\na, b|x\nc|y\n", { delimiter: "|", quote: '"', header: true }],
    ["commas within quotes", 'text,label\n"a, b, c",x\n"d, e",y\n', { delimiter: ",", quote: '"', header: true }],
    ["line breaks within quotes", 'text,label\n"a\nb;c\nd",x\n"e\n",y\n', { delimiter: ",", quote: '"', header: true }],
    ["single quotes", "text,label\n'a, b','x'\n'c','y'\n", { delimiter: ",", quote: "'", header: true }],
    ["tabs with bare quotes", 'a "b\tx\n"c d\ty\ne\tx\n"f\ty\n', { delimiter: "\t", quote: "", header: false }],
    ["apostrophes", "text,label\nit's, isn't,x\n'tis,y\nI'm,x\n", { delimiter: ",", quote: '"', header: true }],
    ["one column", "text\nhello\nthere\n", { delimiter: ",", quote: '"', header: true }],
    [
      "an index column as pandas writes it",
      ",text,label\n0,aa bb,x\n1,cc,y\n",
      { delimiter: ",", quote: '"', header: true },
    ],
  ])("finds %s", (_, sample, layout) => {
    expect(sniffFormat(sample)).toEqual(layout);
  });

  it("takes a first row for data when it has a number, a long text or a value that comes again", () => {
    expect(sniffFormat("a stirring film,1\na dull film,0\n").header).toBe(false);
    expect(sniffFormat("this first line is much too long a text to be a name,x\nb,y\n").header).toBe(false);
    expect(sniffFormat("ok then,ham\nwin,spam\nhi,ham\n").header).toBe(false);
    expect(sniffFormat("message,class\nok then,ham\nwin,spam\nhi,ham\n").header).toBe(true);
  });

  it("takes what is given as it is", () => {
    const sample = "text;label\na,b;1\nc,d;2\n";
    expect(sniffFormat(sample, { delimiter: ",", header: false })).toEqual({
      delimiter: ",",
      quote: '"',
      header: false,
    });
    expect(sniffFormat(sample, { quote: "" })).toEqual({ delimiter: ";", quote: "", header: true });
  });
});
