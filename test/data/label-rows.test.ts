import { classTargets } from "../../src/tasks/single-label/targets.ts";
import { describe, expect, it } from "vitest";
import { labelRows as labelCells, type LabelOptions, takeRows } from "../../src/data/label-rows.ts";
import type { ColumnChoice } from "../../src/data/summary.ts";
import { byColumn } from "./cells.ts";

const choice = { text: 0, pair: null, label: 1 };
const labelRows = (rows: string[][], columns: ColumnChoice, labelNames: string[] | null, options: LabelOptions = {}) =>
  labelCells(classTargets, { columns: [], cells: byColumn(rows) }, columns, labelNames, options);

describe("labelRows", () => {
  it("trims labels, keeps texts as they are, and leaves out what is empty", () => {
    const table = [["a b ", " ham"], ["", "spam"], ["c", ""], [" \t", "ham"], ["d", "spam "], ["e"], ["f", "ham"]];
    const { rows, droppedRows, findings } = labelRows(table, choice, null);
    expect([...rows.texts]).toEqual(["a b ", "d", "f"]);
    expect(rows.pairs).toBeNull();
    expect(rows.labelNames).toEqual(["ham", "spam"]);
    expect([...rows.labels]).toEqual([0, 1, 0]);
    expect([...rows.tableRows]).toEqual([1, 5, 7]);
    expect(droppedRows).toBe(4);
    expect(findings.map(({ id, tableRows }) => [id, tableRows])).toEqual([
      ["empty-text", [2, 4]],
      ["empty-label", [3, 6]],
    ]);
  });

  it("sorts numbers by value and other names by code point", () => {
    const names = (labels: string[]) =>
      labelRows(
        labels.map((label) => ["x", label]),
        choice,
        null,
      ).rows.labelNames;
    expect(names(["10", "9", "-1", "1.5"])).toEqual(["-1", "1.5", "9", "10"]);
    expect(names(["10", "9", "a"])).toEqual(["10", "9", "a"]);
    expect(names(["b", "B", "é", "a", "😀", "\uffee", "ab"])).toEqual(["B", "a", "ab", "b", "é", "\uffee", "😀"]);
  });

  it("has no class of which every row is left out", () => {
    expect(
      labelRows(
        [
          ["", "odd"],
          ["x", "even"],
        ],
        choice,
        null,
      ).rows.labelNames,
    ).toEqual(["even"]);
  });

  it("takes labels called __proto__ and constructor", () => {
    const { rows } = labelRows(
      [
        ["x", "__proto__"],
        ["y", "constructor"],
        ["z", "__proto__"],
      ],
      choice,
      null,
    );
    expect(rows.labelNames).toEqual(["__proto__", "constructor"]);
    expect([...rows.labels]).toEqual([0, 1, 0]);
  });

  it("needs both texts of a pair", () => {
    const table = [
      ["a", "b", "y"],
      ["a", " ", "y"],
      ["", "b", "n"],
      ["c", "d", "n"],
    ];
    const { rows } = labelRows(table, { text: 0, pair: 1, label: 2 }, null);
    expect([...rows.texts]).toEqual(["a", "c"]);
    expect([...(rows.pairs ?? [])]).toEqual(["b", "d"]);
  });

  it("keeps the order of given names and reports labels that are not among them", () => {
    const { rows, findings, droppedRows } = labelRows(
      [
        ["x", "ham"],
        ["y", "eggs"],
        ["z", "spam"],
      ],
      choice,
      ["spam", "ham"],
    );
    expect(rows.labelNames).toEqual(["spam", "ham"]);
    expect([...rows.labels]).toEqual([1, 0]);
    expect(droppedRows).toBe(1);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ id: "unknown-validation-labels", severity: "warning", tableRows: [2] });
    expect(findings[0]?.text).toContain('"eggs"');
    expect(labelRows([["x", "eggs"]], choice, ["ham", "spam"]).findings[0]?.severity).toBe("blocking");
  });
});

describe("takeRows", () => {
  it("takes rows in the order of the indices", () => {
    const { rows } = labelRows(
      [
        ["a", "p", "x"],
        ["b", "q", "y"],
        ["c", "r", "x"],
      ],
      { text: 0, pair: 1, label: 2 },
      null,
      { lines: Int32Array.from([2, 4, 9]) },
    );
    const { texts, pairs, ...others } = takeRows(rows, Int32Array.from([2, 0]));
    expect([...texts]).toEqual(["c", "a"]);
    expect([...(pairs ?? [])]).toEqual(["r", "p"]);
    expect(others).toEqual({
      labels: Int32Array.from([0, 0]),
      labelNames: ["x", "y"],
      tableRows: Int32Array.from([3, 1]),
      lines: Int32Array.from([9, 2]),
    });
  });
});
