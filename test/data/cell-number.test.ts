import { describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { numberOf, thousandsSign } from "../../src/data/cell-number.ts";
import { openTable } from "../../src/data/table.ts";
import { readerOf } from "../../src/tasks/targets.ts";
import { textSource } from "../io/model-folder.ts";

describe("numberOf", () => {
  it.each([
    ["-1.5", -1.5],
    ["1,5", 1.5],
    ["0,123", 0.123],
    ["12,345", 12.345],
    ["1.234,56", 1234.56],
    ["1,234.56", 1234.56],
    ["1,234,567", 1_234_567],
    ["1.234.567", 1_234_567],
    ["1\u202f234,56", 1234.56],
    ["1'234.5", 1234.5],
    ["-$1,234.50", -1234.5],
    ["12,50 €", 12.5],
    ["(12.50)", -12.5],
    ["−3.5", -3.5],
    ["50 %", 50],
    ["1.5e-5", 0.000015],
    ["1,23,456", null],
    ["3,5,7", null],
    ["1.2.3", null],
    ["12 34", null],
    ["2020-01-01", null],
    ["12:30", null],
    ["-", null],
    ["$", null],
  ])("reads %j as %j", (cell, value) => {
    expect(numberOf(cell)).toBe(value);
  });
});

describe("thousandsSign", () => {
  it.each([
    [["12,345", "850"], ","],
    [["12.345", "850"], "."],
    [["12.345", "1.234.567"], "."],
    [["1.234,5", "2"], "."],
    [["12.345", "1.5"], null],
    [["12.345", "67.890"], null],
    [["1,5", "2,345"], null],
    [["0,123", "1,234"], null],
    [["many", "few"], null],
  ])("of %j is %j", (cells, sign) => {
    expect(thousandsSign(cells)).toBe(sign);
  });

  it("is that of the training file in a validation file whose numbers leave it open", async () => {
    const open = (name: string, prices: string[]) =>
      openTable(
        textSource(name, ["text\tprice", ...prices.map((price, row) => `${name} row ${row}\t${price}`), ""].join("\n")),
      );
    const train = Array.from({ length: 60 }, (_, row) => (row % 2 ? `${row}.500` : `${row + 100}`));
    const { validation, summary } = prepareData(
      await open("train.tsv", train),
      { text: 0, pair: null, label: 1 },
      { readerOf, share: 0.2, seed: 1, validationTable: await open("valid.tsv", ["12.345", "67.890"]) },
    );
    expect([...validation.labels]).toEqual([12_345, 67_890]);
    expect(summary.findings.map(({ id }) => id)).toContain("thousands");
  });
});
