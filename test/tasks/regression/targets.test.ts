import { describe, expect, it } from "vitest";
import { numberOf, thousandsSign } from "../../../src/data/cell-number.ts";
import { labelCellsOf } from "../../../src/data/label-rows.ts";
import { prepareData } from "../../../src/data/dataset.ts";
import { openTable } from "../../../src/data/table.ts";
import { readerOf } from "../../../src/tasks/targets.ts";
import { textSource } from "../../io/model-folder.ts";

const split = { readerOf, share: 0.2, seed: 1, validationTable: null };

describe("numbers of a table", () => {
  it("are read with a point or a comma, and held out over their whole range", async () => {
    const cells = Array.from({ length: 50 }, (_, row) => (row % 2 ? `${row}.25` : `"${row},25"`));
    const lines = cells.map((cell, row) => `a text of number ${row},${cell}`);
    const table = await openTable(textSource("rows.csv", ["text,score", ...lines, "a last text,none", ""].join("\n")));
    const { train, validation, summary } = prepareData(table, { text: 0, pair: null, label: 1 }, split);
    expect(summary).toMatchObject({
      task: "regression",
      labelNames: ["score"],
      trainRows: 40,
      validationRows: 10,
      droppedRows: 1,
    });
    expect(summary.targets).toMatchObject({ least: 0.25, most: 49.25 });
    expect(summary.findings).toContainEqual(expect.objectContaining({ id: "unread-labels", tableRows: [51] }));
    const tenths = Array.from(validation.labels, (number) => Math.floor(number / 5)).sort((a, b) => a - b);
    expect(tenths).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(train.labels).toBeInstanceOf(Float32Array);
  });

  it("are classes where they are few and whole, with a way to change that", async () => {
    const lines = Array.from({ length: 60 }, (_, row) => `a text of number ${row},${1 + (row % 5)}`);
    const table = await openTable(textSource("rows.csv", ["text,stars", ...lines, ""].join("\n")));
    const classes = prepareData(table, { text: 0, pair: null, label: 1 }, split).summary;
    expect(classes).toMatchObject({ task: "single-label", labelNames: ["1", "2", "3", "4", "5"] });
    const finding = classes.findings.find(({ id }) => id === "numbers-as-classes");
    const { columns = { text: 0, pair: null, label: 1 } } = finding?.fix?.change ?? {};
    expect(prepareData(table, columns, split).summary).toMatchObject({ task: "regression", labelNames: ["stars"] });
  });

  it("far from all others are named", async () => {
    const findingsOf = async (last: string) => {
      const numbers = Array.from({ length: 200 }, (_, row) => (row === 7 ? last : `${row}.5`));
      const lines = numbers.map((number, row) => `a text of number ${row},${number}`);
      const table = await openTable(textSource("rows.csv", ["text,score", ...lines, ""].join("\n")));
      return prepareData(table, { text: 0, pair: null, label: 1 }, split).summary.findings;
    };
    const far = (await findingsOf("1000000")).find(({ id }) => id === "far-numbers");
    expect(far).toMatchObject({ severity: "warning", tableRows: [8] });
    expect(far?.text).toBe("1 row has a number far from all others: 1000000; the others are 0.5 to 199.5.");
    expect((await findingsOf("900")).map(({ id }) => id)).not.toContain("far-numbers");
  });

  it("are written so that they are read as the same number", async () => {
    for (const cells of [
      ["1.250", "12.345", "7"],
      ["1,250", "12,345", "7"],
      ["1.25", "12.5", "7"],
    ]) {
      const lines = cells.map((cell, row) => `text ${row};${cell}`);
      const table = await openTable(textSource("rows.csv", ["text;score", ...lines, ""].join("\n")));
      const choice = { text: 0, pair: null, label: 1, task: "regression" };
      const reader = readerOf("regression");
      if (!reader) throw new Error("Numbers are not read.");
      const [text = ""] = labelCellsOf(reader, table, choice, ["score"]).write?.(["980.125"]) ?? [];
      expect(numberOf(text, thousandsSign(cells)), cells[0]).toBe(980.125);
    }
  });

  it("that are all the same cannot be learned", async () => {
    const lines = Array.from({ length: 20 }, (_, row) => `a text of number ${row},2.5`);
    const table = await openTable(textSource("rows.csv", ["text,score", ...lines, ""].join("\n")));
    const { findings } = prepareData(table, { text: 0, pair: null, label: 1, task: "regression" }, split).summary;
    expect(findings).toContainEqual(expect.objectContaining({ id: "one-number", severity: "blocking" }));
  });
});
