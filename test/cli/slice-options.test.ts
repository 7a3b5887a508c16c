import { describe, expect, it } from "vitest";
import { targetsOf } from "../../src/tasks/targets.ts";
import { labelRows } from "../../src/data/label-rows.ts";
import { openTable } from "../../src/data/table.ts";
import { sliceOption, slicesOf } from "../../src/cli/slice-options.ts";
import { usedColumns } from "../../src/insight/table-slices.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { rowScoresFrom } from "../metrics/row-scores-from.ts";
import { textSource } from "../io/model-folder.ts";

describe("--slice", () => {
  it.each([
    ["contains:free now", { by: "contains", word: "free now" }],
    ["matches:\\d{3}", { by: "matches", expression: "\\d{3}" }],
    ["label:a=b", { by: "label", label: "a=b" }],
    ["length:3-9", { by: "length", from: 3, to: 9 }],
    ["length:40-", { by: "length", from: 40, to: Infinity }],
    ["length:7", { by: "length", from: 7, to: 7 }],
    ["channel=web=1", { by: "column", column: "channel", value: "web=1" }],
  ])("reads %s", (option, query) => {
    expect(sliceOption(option)).toEqual(query);
  });

  it.each(["free", "matches:(", "length:x"])("refuses %s in words", (option) => {
    expect(() => sliceOption(option)).toThrow(/--slice/);
  });
});

it("slices of an evaluated table know its other columns by the rows that were read", async () => {
  const lines = Array.from(
    { length: 40 },
    (_, i) => `${i === 3 ? "" : `text ${i}`},${i % 2 ? "b" : "a"},${i % 4 ? "web" : "shop"}`,
  );
  const table = await openTable(textSource("rows.csv", `text,label,channel\n${lines.join("\n")}\n`));
  const choice = { text: 0, pair: null, label: 1 };
  const task = trainedTaskNamed("single-label");
  const { rows } = labelRows(targetsOf(task), table, choice, ["a", "b"]);
  expect(rows.texts).toHaveLength(39);
  // Those of the shop are predicted as the other class; the row without a text is not among them.
  const probabilities = Array.from(rows.tableRows, (row, i) => {
    const isRight = (row - 1) % 4 !== 0;
    return (rows.labels[i] === 0) === isRight ? [0.9, 0.1] : [0.1, 0.9];
  });
  const scores = rowScoresFrom(Int32Array.from(rows.labels), probabilities.flat(), 2);
  const scored = { truth: rows, scores, rows, table, used: usedColumns(table, choice) };
  const found = slicesOf(task, ["a", "b"], scored);
  expect(found?.slices[0]).toMatchObject({ name: "channel is “shop”", rows: 10, value: 0, low: 0 });
  expect(found?.candidates[0]).toMatchObject({ name: "channel is “shop”", wrong: 10 });
  expect(found?.slices.map(({ name }) => name)).not.toContain("text is “text 5”");
  expect(() => slicesOf(task, ["a", "b"], scored, [{ by: "column", column: "chanel", value: "web" }])).toThrow(
    "chanel",
  );
});
