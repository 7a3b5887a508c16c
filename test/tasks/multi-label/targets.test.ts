import { describe, expect, it } from "vitest";
import { prepareData } from "../../../src/data/dataset.ts";
import { labelRows } from "../../../src/data/label-rows.ts";
import { labelsOfRow } from "../../../src/data/row-labels.ts";
import { openTable } from "../../../src/data/table.ts";
import { severalTargets } from "../../../src/tasks/multi-label/targets.ts";
import { readerOf } from "../../../src/tasks/targets.ts";
import { textSource } from "../../io/model-folder.ts";

const read = (cells: string[][], labelNames: string[] | null = null, separator?: string) => {
  const columns = ["text", ...cells.slice(1).map((_, place) => `label ${place + 1}`)];
  const [label = 1, ...moreLabels] = cells.slice(1).map((_, place) => place + 1);
  const choice = { text: 0, pair: null, label, moreLabels, ...(separator !== undefined && { separator }) };
  const { rows, findings, droppedRows } = labelRows(severalTargets, { columns, cells }, choice, labelNames);
  const marks = Array.from({ length: rows.texts.length }, (_, row) => [...labelsOfRow(rows, row)]);
  return { names: rows.labelNames, marks, findings, droppedRows };
};

describe("labels of a row", () => {
  it.each([
    ["JSON", ['["b", "a"]', "[]", '["a"]']],
    ["Python", ["['b', 'a']", "[]", "['a']"]],
    ["a separator", ["b; a", ";", "a"]],
  ])("are a list, written as %s", (_, cells) => {
    const { names, marks } = read([["x", "y", "z"], cells], null, ";");
    expect(names).toEqual(["a", "b"]);
    expect(marks).toEqual([
      [1, 1],
      [0, 0],
      [1, 0],
    ]);
  });

  it("are marks in a column of each, in the order of the columns", () => {
    const { names, marks, droppedRows, findings } = read([
      ["x", "y", "z", "u"],
      ["1", "0.0", "maybe", ""],
      ["FALSE", "yes", "0", "1"],
    ]);
    expect(names).toEqual(["label 1", "label 2"]);
    expect(marks).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(droppedRows).toBe(2);
    expect(findings.map(({ id, tableRows }) => [id, tableRows])).toEqual([
      ["empty-label", [4]],
      ["unread-labels", [3]],
    ]);
    expect(findings[1]?.text).toContain('neither 0 nor 1 ("maybe")');
  });

  it("are marks of which empty cells are 0, where a column says nowhere that a row has not its label", () => {
    const { marks, findings } = read([
      ["x", "y", "z"],
      ["x", "", ""],
      ["", "✓", ""],
      ["yes", "no", "yes"],
    ]);
    expect(marks).toEqual([
      [1, 0, 1],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(findings).toEqual([]);
  });

  it("are lists of marks, whose labels have no names", () => {
    const { names, marks, findings } = read([
      ["x", "y"],
      ["[0, 1, 0]", "[1.0, 1.0, 0.0]"],
    ]);
    expect(names).toEqual(["LABEL_0", "LABEL_1", "LABEL_2"]);
    expect(marks).toEqual([
      [0, 1, 0],
      [1, 1, 0],
    ]);
    expect(findings.map(({ id }) => id)).toEqual(["unnamed-labels"]);
  });

  it("that look alike, and words for a missing value, are named", () => {
    const { names, findings } = read(
      [
        ["x", "y", "z"],
        ["a;b", "A", "nan"],
      ],
      null,
      ";",
    );
    expect(names).toEqual(["A", "a", "b", "nan"]);
    expect(findings.map(({ id }) => id)).toEqual(["look-alike-labels", "missing-word-labels"]);
  });

  it("that differ from a model's in spelling alone are matched", () => {
    const { marks, findings } = read([["x"], ["A; b"]], ["a", "B"], ";");
    expect(marks).toEqual([[1, 1]]);
    expect(findings.map(({ id }) => id)).toEqual(["matched-labels"]);
  });

  it("that a model does not know are left out of the rows, and named", () => {
    const { marks, findings } = read(
      [
        ["x", "y"],
        ["a|c", "b"],
      ],
      ["b", "a"],
      "|",
    );
    expect(marks).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(findings[0]?.text).toContain("1 label is not among those that are learned, and left out of 1 row");
  });
});

describe("a table of several labels", () => {
  const lines = Array.from(
    { length: 60 },
    (_, row) => `text number ${row},${row % 3 ? "joy" : "joy;fear"}${row % 10 ? "" : ";awe"}`,
  );

  it("is recognized by its cells, and split so that each label is held out alike", async () => {
    const table = await openTable(textSource("rows.csv", ["text,emotions", ...lines, ""].join("\n")));
    const choice = { text: 0, pair: null, label: 1 };
    const {
      train,
      validation,
      summary,
      choice: seen,
    } = prepareData(table, choice, {
      ...{ readerOf, share: 0.2, seed: 1, validationTable: null },
    });
    expect(seen.separator).toBe(";");
    expect(summary).toMatchObject({
      task: "multi-label",
      labelNames: ["awe", "fear", "joy"],
      trainRows: 48,
      validationRows: 12,
    });
    expect(summary.taskReason).toContain('has several labels in one cell, with ";" between them');
    expect(summary.targets).toMatchObject({ trainCounts: [5, 16, 48], validationCounts: [1, 4, 12] });
    expect([...train.texts, ...validation.texts].sort()).toEqual(lines.map((line) => line.split(",")[0]).sort());
  });
});
