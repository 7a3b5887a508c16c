import { describe, expect, it } from "vitest";
import { cellKey, cellName, rowsOfCell, selectWrong } from "../../../../src/app/tasks/multi-label/label-cells.ts";
import type { Selectable } from "../../../../src/app/tasks/panels.ts";
import { pairOf } from "../../../../src/app/tasks/classes/pair-key.ts";
import type { Results } from "../../../../src/workers/protocol.ts";

const names = ["toxic", "rude"];
// Rows: [toxic] as [toxic]; [toxic] as [rude]; [] as [rude]; [rude] as [rude].
const results = {
  truth: { labels: Float32Array.of(1, 0, 1, 0, 0, 0, 0, 1), labelWidth: 2 },
  scores: {
    logits: Float32Array.of(3, -3, -3, 3, -3, 3, -3, 3),
    thresholds: [0.5, 0.5],
    losses: new Float32Array(4),
  },
  labelNames: names,
} as unknown as Results;
const cells = [true, false].flatMap((isTrue) => [true, false].map((isPredicted) => ({ isTrue, isPredicted })));

describe("cells of a label's matrix", () => {
  it("have each row once", () => {
    for (const label of [0, 1]) {
      const all = cells.flatMap((cell) => rowsOfCell(results, { label, ...cell }));
      expect(all.sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    }
    expect(rowsOfCell(results, { label: 1, isTrue: false, isPredicted: true })).toEqual([1, 2]);
  });

  it("have keys and names of their own, and wrong ones are the filters of the errors", () => {
    const all = [0, 1].flatMap((label) => cells.map((cell) => ({ label, ...cell })));
    expect(new Set(all.map(cellKey)).size).toBe(8);
    expect(new Set(all.map((cell) => cellName(cell, names))).size).toBe(8);
    expect(pairOf(cellKey({ label: 0, isTrue: true, isPredicted: false }))).toEqual([0, null]);
    expect(pairOf(cellKey({ label: 1, isTrue: false, isPredicted: true }))).toEqual([null, 1]);
  });

  it("are joined where one label was missed and another wrongly predicted", () => {
    const said: unknown[] = [];
    const base = { results, isPart: false, pressed: null, clear: () => said.push("clear") };
    const selectable: Selectable = { ...base, select: (...given) => said.push(given) };
    selectWrong(selectable, [0, 1]);
    selectWrong(selectable, [null, null]);
    expect(said).toEqual([["0 1", "missed toxic, wrongly predicted rude", [1]], "clear"]);
  });
});
