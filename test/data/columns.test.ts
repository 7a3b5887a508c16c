import { describe, expect, it } from "vitest";
import { guessColumns } from "../../src/data/columns.ts";
import { openTable } from "../../src/data/table.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { byColumn } from "./cells.ts";

const root = new URL("../../", import.meta.url).pathname;

/** `count` rows, each made by the function from its number. */
function rows(count: number, make: (row: number) => string[]): string[][] {
  return Array.from({ length: count }, (_, row) => make(row));
}

const words = (row: number, salt: string) => `this is ${salt} text number ${row} about something or other`;

describe("guessColumns on real files", () => {
  it.each([
    ["test/cases/tables/banking77-cut.csv", { text: 0, pair: null, label: 1 }],
    ["test/cases/tables/sms-latin1.csv", { text: 1, pair: null, label: 0 }],
    ["test/cases/tables/sms-collection.tsv", { text: 1, pair: null, label: 0 }],
    ["public/sample/sms-spam.csv", { text: 1, pair: null, label: 0 }],
  ])("finds the columns of %s", async (path, guess) => {
    const table = await openTable(await fileSource(root + path));
    const found = guessColumns(table.columns, table.cells);
    expect(found.problem).toBe("");
    expect(found.guess).toEqual(guess);
  });
});

const guessRows = (columns: string[], cells: string[][]) => guessColumns(columns, byColumn(cells));

describe("guessColumns", () => {
  it("tells the sentiment from all else that comes with tweets", () => {
    const columns = [
      "tweet_id",
      "airline_sentiment",
      "airline_sentiment_confidence",
      "negativereason",
      "airline",
      "name",
    ];
    const all = [...columns, "retweet_count", "text", "tweet_created", "tweet_location", "user_timezone"];
    const table = rows(300, (row) => [
      String(570306133677760513 + row),
      ["neutral", "positive", "negative"][row % 3] ?? "",
      String(1 - (row % 50) / 100),
      row % 3 === 2 ? (["Bad Flight", "Can't Tell", "Late Flight"][row % 5] ?? "") : "",
      ["Virgin America", "United", "Delta"][row % 7] ?? "US Airways",
      `user${row % 200}`,
      String(row % 4),
      words(row, "tweet"),
      `2015-02-24 11:${row % 60}:00 -0800`,
      row % 2 === 0 ? `somewhere in town ${row % 40}` : "",
      row % 3 === 0 ? "" : (["Eastern Time (US & Canada)", "Pacific Time (US & Canada)"][row % 2] ?? ""),
    ]);
    expect(guessRows(all, table).guess).toEqual({ text: 7, pair: null, label: 1 });
  });

  it("takes time that grows with the columns alone", () => {
    // 40,000 columns took over a minute where each was held against each other.
    const wide = Array.from({ length: 40_000 }, (_, column) => `c${column}`);
    const values = wide.map((_, column) => (column === 7 ? "some words of a text" : column === 9 ? "x" : "k"));
    const cells = byColumn([
      values,
      values.map((value, column) => (column === 7 || column === 9 ? `${value} y` : value)),
    ]);
    expect(guessColumns(wide, cells).problem).toContain("more columns");
  });

  it("needs no names", () => {
    const table = rows(100, (row) => [String(row), row % 2 === 0 ? "1" : "0", words(row, "plain")]);
    expect(guessRows(["column 1", "column 2", "column 3"], table).guess).toEqual({ text: 2, pair: null, label: 1 });
  });

  it.each([
    [["idx", "sentence1", "sentence2", "label"], { text: 1, pair: 2, label: 3 }],
    [["label", "question2", "question1", "id"], { text: 2, pair: 1, label: 0 }],
    [["premise", "hypothesis", "gold_label", "n"], { text: 0, pair: 1, label: 2 }],
  ])("takes two texts for a pair when %j says so", (columns, guess) => {
    const table = rows(60, (row) =>
      columns.map((name) =>
        /label/.test(name)
          ? (["yes", "no"][row % 2] ?? "")
          : /^(id|idx|n)$/.test(name)
            ? String(row)
            : words(row, name),
      ),
    );
    expect(guessRows(columns, table).guess).toEqual(guess);
  });

  it("takes no pair from two long columns whose names do not say so", () => {
    const table = rows(60, (row) => [words(row, "long"), `note ${row}`, row % 2 === 0 ? "a" : "b"]);
    expect(guessRows(["review", "remark", "label"], table).guess).toEqual({ text: 0, pair: null, label: 2 });
  });

  it("works on a handful of rows", () => {
    const table = [
      ["I love it so much", "good"],
      ["I hate it", "bad"],
      ["it was great fun", "good"],
    ];
    expect(guessRows(["text", "label"], table).guess).toEqual({ text: 0, pair: null, label: 1 });
  });

  it("says what it saw when there is no text column", () => {
    const table = rows(50, (row) => [String(row * 3), ["x", "y"][row % 2] ?? ""]);
    const { guess, problem } = guessRows(["price", "kind"], table);
    expect(guess).toBeNull();
    expect(problem).toMatch(/^No column looks like text: "price" .* 50 different values.*"kind" .* 2 different values/);
  });

  it("says what it saw when there is no label column", () => {
    const table = rows(500, (row) => [words(row, "any"), String(row)]);
    const { guess, problem } = guessRows(["text", "number"], table);
    expect(guess).toBeNull();
    expect(problem).toMatch(/^No column beside "text" looks like labels: "number" .* 500 different values/);
    expect(guessRows(["text"], [["only one column here"], ["and two rows"]]).problem).toContain("looks like labels.");
  });
});
