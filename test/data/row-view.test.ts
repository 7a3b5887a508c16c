import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { editedTable, type Edit } from "../../src/data/edits.ts";
import { labelCellsOf } from "../../src/data/label-rows.ts";
import { ModelRows } from "../../src/data/model-rows.ts";
import type { RowQuery } from "../../src/data/row-query.ts";
import { RowView } from "../../src/data/row-view.ts";
import { sortRanks } from "../../src/data/sort-ranks.ts";
import { openTable, type Table } from "../../src/data/table.ts";
import { readerOf } from "../../src/tasks/targets.ts";
import { textSource } from "../io/model-folder.ts";

const lines = [
  "text,label,stars",
  "Fine day,good,5",
  "dull DAY,bad,1",
  "Fine day,bad,12",
  "long night,,3",
  ",good,2",
  "short night,good,",
  "late fine,good,4",
];
const choice = { text: 0, pair: null, label: 1 };
const all: RowQuery = { search: "", column: null, show: "all", label: null, sort: "row", descending: false };

const open = (text = lines.join("\n")) => openTable(textSource("days.csv", text), { header: true });

/** A view that knows parts and labels, as the data worker makes it. */
function described(table: Table, read = table): RowView {
  const { train, validation, unlabelled, summary } = prepareData(table, choice, {
    readerOf,
    share: 0.4,
    seed: 2,
    validationTable: null,
  });
  const parts = new Uint8Array(table.rowCount);
  for (const [place, { tableRows }] of [train, validation, unlabelled].entries())
    for (const row of tableRows) parts[row - 1] = place + 1;
  const reader = readerOf("single-label");
  if (reader === null) throw new Error("There is no reader.");
  const view = new RowView(read, table);
  view.describe({ choice, parts, labelsOf: labelCellsOf(reader, table, choice, summary.labelNames).labelsOf });
  return view;
}

function rowsOf(view: RowView, query: Partial<RowQuery>): number[] {
  const count = view.query({ ...all, ...query });
  return view.window(0, count).map(({ row }) => row);
}

describe("RowView", () => {
  it("searches all columns or one, in either case", async () => {
    const view = described(await open());
    expect(rowsOf(view, { search: "FINE" })).toEqual([1, 3, 7]);
    expect(rowsOf(view, { search: "good" })).toEqual([1, 5, 6, 7]);
    expect(rowsOf(view, { search: "day", column: 1 })).toEqual([]);
    expect(rowsOf(view, { search: "2", column: 2 })).toEqual([3, 5]);
  });

  it("filters by label, empty cells, repeated texts and part", async () => {
    const view = described(await open());
    expect(rowsOf(view, { label: "bad" })).toEqual([2, 3]);
    expect(rowsOf(view, { label: "bad", search: "fine" })).toEqual([3]);
    expect(rowsOf(view, { show: "empty" })).toEqual([4, 5]);
    expect(rowsOf(view, { show: "duplicates" })).toEqual([1, 3]);
    expect(rowsOf(view, { show: "unlabelled" })).toEqual([4]);
    const parts = [...rowsOf(view, { show: "train" }), ...rowsOf(view, { show: "validation" })];
    expect(parts.sort()).toEqual([1, 2, 3, 6, 7]);
    expect(view.window(0, 99).every(({ part }) => part === "validation")).toBe(true);
  });

  it("sorts numbers by value and texts by letters, empty cells last in both directions", async () => {
    const view = described(await open());
    expect(rowsOf(view, { sort: 2 })).toEqual([2, 5, 4, 7, 1, 3, 6]);
    expect(rowsOf(view, { sort: 2, descending: true })).toEqual([3, 1, 7, 4, 5, 2, 6]);
    expect(rowsOf(view, { sort: 0 })).toEqual([2, 1, 3, 7, 4, 6, 5]);
    expect(rowsOf(view, { descending: true })).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it("shows edits in their places, until the next query", async () => {
    const read = await open();
    const view = described(read);
    expect(rowsOf(view, { label: "good" })).toEqual([1, 5, 6, 7]);
    const edits: Edit[] = [
      { row: 1, cells: [{ column: 1, text: "bad" }] },
      { row: 7, dropped: true },
    ];
    view.edit(editedTable(read, edits), edits);
    const [first, , , last] = view.window(0, 4);
    expect(first).toMatchObject({ row: 1, cells: ["Fine day", "bad", "5"], changed: [1], labels: ["bad"] });
    expect(last).toMatchObject({ row: 7, isDropped: true, cells: ["late fine", "good", "4"], labels: [] });
    expect(rowsOf(view, { label: "good" })).toEqual([5, 6]);
    expect(rowsOf(view, { show: "changed" })).toEqual([1, 7]);
    expect(rowsOf(view, { show: "dropped" })).toEqual([7]);
    expect(rowsOf(view, { search: "bad", column: 1 })).toEqual([1, 2, 3]);
    expect(rowsOf(view, { search: "late" })).toEqual([7]);
    view.edit(read, []);
    expect(rowsOf(view, { show: "changed" })).toEqual([]);
  });

  it("puts what a model says beside the rows", async () => {
    const view = described(await open());
    const model = new ModelRows();
    const confidence = Float32Array.of(0.9, 0.5);
    model.set(
      "validation",
      { predicted: ["good", "bad"], confidence, isWrong: Uint8Array.of(0, 1) },
      Int32Array.of(1, 6),
    );
    const order = Int32Array.of(0);
    model.set("unlabelled", { predicted: ["bad"], confidence: Float32Array.of(0.7), order }, Int32Array.of(4));
    view.setModel(model.joined());
    expect(rowsOf(view, { show: "wrong" })).toEqual([6]);
    expect(rowsOf(view, { sort: "confidence" }).slice(0, 3)).toEqual([6, 4, 1]);
    expect(rowsOf(view, { sort: "predicted" }).slice(0, 3)).toEqual([4, 6, 1]);
    expect(rowsOf(view, { sort: "order" })[0]).toBe(4);
    view.query({ ...all, sort: "confidence" });
    expect(view.window(0, 1)[0]).toMatchObject({ row: 6, predicted: "bad", confidence: 0.5, isWrong: true });
    model.set("validation", null, new Int32Array(0));
    model.set("unlabelled", null, new Int32Array(0));
    expect(model.joined()).toBeNull();
  });

  it("finds what going through all cells finds", async () => {
    const cell = fc.stringMatching(/^[aAbB0-9 ]{0,4}$/);
    const row = fc.tuple(cell, cell);
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 2, maxLength: 40 }),
        cell,
        fc.boolean(),
        async (rows, search, down) => {
          const text = ["one,two", ...rows.map((cells) => cells.map((one) => `"${one}"`).join(","))].join("\n");
          const table = await open(text);
          const view = new RowView(table);
          if (down) view.prepare();
          const cells = Array.from({ length: table.rowCount }, (_, at) =>
            table.cells.map((column) => column.at(at) ?? ""),
          );
          const wanted = search.trim().toLowerCase();
          const found = cells.flatMap((own, at) =>
            own.some((one) => one.toLowerCase().includes(wanted)) ? [at + 1] : [],
          );
          expect(rowsOf(view, { search })).toEqual(found);
          const ranks = sortRanks(table.cells[1] ?? []);
          const sorted = rowsOf(view, { sort: 1, descending: down }).map((number) => ranks[number - 1] ?? -1);
          const filled = sorted.filter((rank) => rank >= 0);
          expect(filled).toEqual(filled.toSorted((a, b) => (down ? b - a : a - b)));
          expect(sorted.slice(filled.length).every((rank) => rank < 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
