import { describe, expect, it } from "vitest";
import { pairKey, pairOf } from "../../../../src/app/tasks/classes/pair-key.ts";
import type { Selectable } from "../../../../src/app/tasks/panels.ts";
import { rowsOfCell, selectCell } from "../../../../src/app/tasks/single-label/confusion-cells.ts";
import type { Results } from "../../../../src/workers/protocol.ts";
import { rowScoresFrom } from "../../../metrics/row-scores-from.ts";

const labels = Int32Array.of(0, 0, 1, 1);
const results = {
  truth: { labels },
  scores: rowScoresFrom(labels, [0.9, 0.1, 0.3, 0.7, 0.1, 0.9, 0.6, 0.4], 2),
  labelNames: ["ham", "spam"],
} as unknown as Results;

describe("cells of the confusion matrix", () => {
  it("are the rows of a true and a predicted class, or of one of them", () => {
    expect(rowsOfCell(results, [0, 1])).toEqual([1]);
    expect(rowsOfCell(results, [0, null])).toEqual([0, 1]);
    expect(rowsOfCell(results, [null, 0])).toEqual([0, 3]);
    expect(rowsOfCell(results, [null, null])).toEqual([0, 1, 2, 3]);
  });

  it("have keys that name them", () => {
    for (const pair of [
      [0, 12],
      [null, 3],
      [4, null],
      [null, null],
    ] as const)
      expect(pairOf(pairKey(pair))).toEqual(pair);
    expect(pairOf("has 3")).toEqual([null, null]);
    expect(pairOf(null)).toEqual([null, null]);
  });

  it("are selected by name, and any class of both is no selection", () => {
    const said: unknown[] = [];
    const selectable: Selectable = {
      results,
      isPart: false,
      pressed: null,
      select: (...given) => said.push(given),
      clear: () => said.push("clear"),
    };
    selectCell(selectable, [1, 0]);
    selectCell(selectable, [null, null]);
    expect(said).toEqual([["1 0", "true spam, predicted ham", [3]], "clear"]);
  });
});
