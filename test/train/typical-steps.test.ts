import { describe, expect, it } from "vitest";
import { epochOrder, stepRows } from "../../src/data/batches.ts";
import { typicalSteps } from "../../src/train/time-steps.ts";

/** Rows of these many tokens. */
function rowsOf(lengths: readonly number[]) {
  const rowStart = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + length));
  const tokens = new Int32Array(rowStart.at(-1) ?? 0);
  const labels = new Int32Array(lengths.length);
  return { ids: tokens, types: tokens, rowStart, fullLengths: Int32Array.from(lengths), labels };
}

describe("the steps that are timed", () => {
  const lengths = [...new Array<number>(30).fill(10), ...new Array<number>(10).fill(100)];
  const tokensOf = (parts: Int32Array[]) =>
    parts.flatMap((rows) => [...rows]).reduce((sum, row) => sum + (lengths[row] ?? 0), 0);

  it("are those whose tokens are nearest to the mean", () => {
    const all = typicalSteps(
      rowsOf(lengths),
      { batchSize: 4, accumulate: 1, sampling: "all" as const, seed: 1 },
      10,
      10,
    ).map(tokensOf);
    const some = typicalSteps(
      rowsOf(lengths),
      { batchSize: 4, accumulate: 1, sampling: "all" as const, seed: 1 },
      10,
      3,
    ).map(tokensOf);
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    expect(mean).toBe(130);
    expect(new Set(all).size).toBeGreaterThan(2);
    const farthest = Math.max(...some.map((tokens) => Math.abs(tokens - mean)));
    expect(all.filter((tokens) => Math.abs(tokens - mean) < farthest).length).toBeLessThan(3);
  });

  it("are cut into the recipe's micro-batches", () => {
    const [step] = typicalSteps(
      rowsOf(lengths),
      { batchSize: 8, accumulate: 4, sampling: "all" as const, seed: 1 },
      5,
      1,
    );
    expect(step?.map((rows) => rows.length)).toEqual([2, 2, 2, 2]);
  });

  it("are none beyond those of the run, and come again where there are fewer than wanted", () => {
    const rows = rowsOf(lengths);
    const recipe = { batchSize: 4, accumulate: 1, sampling: "all" as const, seed: 1 };
    const first = [...stepRows(epochOrder(40, 1, 0), 4, 1)].slice(0, 3).map(([own]) => [...(own ?? [])]);
    const taken = typicalSteps(rows, recipe, 3, 7).map(([own]) => [...(own ?? [])]);
    expect(taken).toHaveLength(7);
    for (const step of taken) expect(first).toContainEqual(step);
    expect(new Set(taken.map(String)).size).toBe(3);
  });
});
