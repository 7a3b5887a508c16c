import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { openTable } from "../../src/data/table.ts";
import type { ColumnChoice } from "../../src/data/summary.ts";
import { readerOf } from "../../src/tasks/targets.ts";
import { textSource } from "../io/model-folder.ts";

const choice: ColumnChoice = { text: 0, pair: null, label: 1 };

/** Rows of a text and a label, with what else a row has. */
function tableOf(name: string, rows: readonly string[], header = "text,label") {
  return openTable(textSource(`${name}.csv`, [header, ...rows].join("\n")), { header: true });
}

const numbered = (count: number, salt = "row") =>
  Array.from({ length: count }, (_, row) => `${salt} number ${row},${row % 4 === 0 ? "spam" : "ham"}`);

const split = { readerOf, share: 0.2, seed: 1, validationTable: null };
const idsOf = (findings: readonly { id: string; severity: string }[]) =>
  findings.map(({ id, severity }) => `${id} ${severity}`);

describe("rows set apart to test on", () => {
  it("are a share of each class, the validation rows still their share of all, every row in one part", async () => {
    const table = await tableOf("data", numbered(200));
    const { train, validation, test, summary } = prepareData(table, choice, { ...split, testShare: 0.25 });
    expect(summary).toMatchObject({ trainRows: 109, validationRows: 40, testRows: 51 });
    expect(Array.from(test?.labels ?? []).filter((label) => label === 1)).toHaveLength(13);
    const all = [...train.texts, ...validation.texts, ...(test?.texts ?? [])];
    expect(new Set(all).size).toBe(200);
    const without = prepareData(table, choice, split);
    expect(without).toMatchObject({ test: null, summary: { trainRows: 160 } });
    expect(without.summary).not.toHaveProperty("testRows");
  });

  it("are the same for every seed", async () => {
    const table = await tableOf("data", numbered(60));
    const rowsOf = (seed: number) => prepareData(table, choice, { ...split, seed, testShare: 0.2 });
    expect(rowsOf(2).test?.tableRows).toEqual(rowsOf(1).test?.tableRows);
    expect(rowsOf(2).validation.tableRows).not.toEqual(rowsOf(1).validation.tableRows);
  });

  it("keep equal texts and whole groups on one side, whatever the shares", async () => {
    const rows = fc.array(fc.record({ text: fc.nat(40), group: fc.nat(9), spam: fc.boolean() }), {
      minLength: 60,
      maxLength: 90,
    });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (some, tenths, isGrouped) => {
        const lines = some.map(({ text, group, spam }) => `text ${text},${spam ? "spam" : "ham"},g${group}`);
        const table = await tableOf("data", lines, "text,label,author");
        const own = { ...choice, ...(isGrouped && { group: 2 }) };
        const { train, validation, test } = prepareData(table, own, { ...split, testShare: tenths / 10 });
        const parts = [train, validation, ...(test ? [test] : [])];
        for (const [i, part] of parts.entries()) {
          for (const other of parts.slice(i + 1)) {
            const texts = new Set(other.texts);
            expect([...part.texts].filter((text) => texts.has(text))).toEqual([]);
            const groupsOf = ({ groups }: typeof part) => Array.from(groups?.of ?? [], (of) => groups?.names[of]);
            const groups = new Set(groupsOf(other));
            expect(groupsOf(part).filter((group) => groups.has(group))).toEqual([]);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("come from a file, whose texts are neither trained nor validated on", async () => {
    const table = await tableOf("data", numbered(40));
    const testTable = await tableOf("test", ["row number 0,spam", "row number 1,ham", ...numbered(10, "other")]);
    const { train, validation, test, summary } = prepareData(table, choice, { ...split, testTable });
    expect(test?.texts.length).toBe(12);
    expect(train.texts.length + validation.texts.length).toBe(38);
    expect(idsOf(summary.findings)).toContain("leaked-test-rows warning");
    expect(summary.findings.find(({ id }) => id === "leaked-test-rows")?.text).toBe(
      "2 rows stand in the test file too and are not trained or validated on.",
    );
  });

  it("are removed from a validation file as well", async () => {
    const table = await tableOf("data", numbered(40));
    const validationTable = await tableOf("valid", numbered(12, "held"));
    const testTable = await tableOf("test", [...numbered(4, "held"), ...numbered(10, "other")]);
    const { validation, summary } = prepareData(table, choice, { ...split, validationTable, testTable });
    expect(validation.texts.length).toBe(8);
    expect(summary.findings.map(({ text }) => text)).toContain(
      "In valid.csv: 4 rows stand in the test file too and are not trained or validated on.",
    );
  });

  it("are drawn beside a validation file, from rows that are not in it", async () => {
    const table = await tableOf("data", numbered(40));
    const validationTable = await tableOf("valid", numbered(8));
    const { train, validation, test } = prepareData(table, choice, { ...split, validationTable, testShare: 0.25 });
    expect([train.texts.length, validation.texts.length, test?.texts.length]).toEqual([24, 8, 8]);
  });

  it("block a run where the file has none of them", async () => {
    const table = await tableOf("data", numbered(40));
    const testTable = await tableOf("test", ["a b,other"]);
    const { summary } = prepareData(table, choice, { ...split, testTable });
    expect(summary.findings.find(({ id }) => id === "no-test-rows")).toMatchObject({
      severity: "blocking",
      text: "test.csv has no row to test on.",
    });
  });
});
