import { describe, expect, it } from "vitest";
import { BLOCK, blockCapacity, blockRanges, rowBlocks } from "../../../src/ops/attention/blocks.ts";
import { rowStartOf } from "../batches.ts";

describe("rowBlocks", () => {
  it("cuts each row into blocks, the last of a row shorter", () => {
    const blocks = rowBlocks(rowStartOf([3, 65, 32]), 6);
    expect([...blocks]).toEqual(
      [
        [0, 0, 3, 0],
        [0, 3, 65, 1],
        [32, 3, 65, 1],
        [64, 3, 65, 1],
        [0, 68, 32, 2],
        [0, 0, 0, 0],
      ].flat(),
    );
  });

  it("has no more blocks than the capacity, whatever the rows", () => {
    for (const lengths of [[1], [1, 1, 1], [33, 33, 33], [32, 32], [64, 1], [31, 97], [8192, 1]]) {
      const rowStart = rowStartOf(lengths);
      const count = lengths.reduce((sum, length) => sum + Math.ceil(length / BLOCK), 0);
      expect(count, lengths.join()).toBeLessThanOrEqual(blockCapacity(rowStart.at(-1) ?? 0, lengths.length));
    }
  });
});

describe("blockRanges", () => {
  it("is one range where all is allowed at once", () => {
    expect(blockRanges(rowStartOf([3, 65, 32]), 1000)).toEqual([{ first: 0, end: 5, tiles: 11 }]);
  });

  it("cuts where more than the limit would come together", () => {
    expect(blockRanges(rowStartOf([3, 65, 32]), 4)).toEqual([
      { first: 0, end: 2, tiles: 4 },
      { first: 2, end: 3, tiles: 3 },
      { first: 3, end: 5, tiles: 4 },
    ]);
  });

  it("has at least one block a range, and all blocks once", () => {
    const ranges = blockRanges(rowStartOf([100, 40]), 0.5);
    expect(ranges.map(({ first, end }) => [first, end])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 6],
    ]);
  });
});
