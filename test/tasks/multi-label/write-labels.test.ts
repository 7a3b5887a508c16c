import { describe, expect, it } from "vitest";
import { labelCellsOf, labelRows } from "../../../src/data/label-rows.ts";
import { severalTargets } from "../../../src/tasks/multi-label/targets.ts";
import { byColumn } from "../../data/cells.ts";

const texts = ["one day", "two days", "a week", "some months"];

/** What is read of a table after the labels of its last row were written. */
function rewritten(header: string[], labels: string[][], chosen: string[], more: number[] = []) {
  const rows = texts.map((text, row) => [text, ...(labels[row] ?? [])]);
  const choice = { text: 0, pair: null, label: 1, ...(more.length > 0 && { moreLabels: more }) };
  const table = { columns: ["text", ...header], cells: byColumn(rows) };
  const { labelNames } = labelRows(severalTargets, table, choice, null).rows;
  const { write, labelsOf } = labelCellsOf(severalTargets, table, choice, labelNames);
  const cells = [...(write?.(chosen) ?? [])];
  const again = byColumn([...rows.slice(0, -1), [texts[3] ?? "", ...cells]]);
  return { cells, labels: labelsOf(again, 3) };
}

describe("labels of a row are written as the table writes them", () => {
  it.each([
    ["a separator", [["a;b"], ["c"], ["a;c"], ["b;c"]], ["a", "b"], ["a;b"]],
    ["a separator and a space", [["a, b"], ["c"], ["a, c"], ["b"]], ["a", "c"], ["a, c"]],
    ["lists in JSON", [['["a", "b"]'], ['["c"]'], ['["b"]'], ["[]"]], ["a", "c"], ['["a","c"]']],
    ["lists of marks", [["[1, 1, 0]"], ["[0, 0, 1]"], ["[0, 1, 1]"], [""]], ["LABEL_2"], ["[0, 0, 1]"]],
    ["objects", [['{"a":1,"b":0}'], ['{"a":0,"b":1}'], ['{"a":1,"b":1}'], [""]], ["b"], ['{"a":0,"b":1}']],
  ])("%s", (_, labels, chosen, cells) => {
    const found = rewritten(["labels"], labels, chosen);
    expect(found.cells).toEqual(cells);
    expect(found.labels).toEqual(chosen);
  });

  it.each([
    [
      "numbers",
      [
        ["1", "0"],
        ["0", "1"],
        ["1", "1"],
        ["", ""],
      ],
      ["0", "1"],
    ],
    [
      "words",
      [
        ["yes", "no"],
        ["no", "yes"],
        ["yes", "yes"],
        ["", ""],
      ],
      ["no", "yes"],
    ],
    [
      "crosses",
      [
        ["x", ""],
        ["", "x"],
        ["x", "x"],
        ["", ""],
      ],
      ["", "x"],
    ],
  ])("a column of marks each, as %s", (_, labels, cells) => {
    const found = rewritten(["a", "b"], labels, ["b"], [2]);
    expect(found.cells).toEqual(cells);
    expect(found.labels).toEqual(["b"]);
  });

  it("says that a row has none, where that can be said", () => {
    expect(rewritten(["labels"], [['["a", "b"]'], ['["c"]'], ['["b"]'], ["[]"]], []).cells).toEqual(["[]"]);
    expect(
      rewritten(
        ["a", "b"],
        [
          ["1", "0"],
          ["0", "1"],
          ["1", "1"],
          ["", ""],
        ],
        [],
        [2],
      ).cells,
    ).toEqual(["0", "0"]);
  });
});
