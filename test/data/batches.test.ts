import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochOrder, fittingRows, gatherBatch, lengthOf, rowCount, stepRows } from "../../src/data/batches.ts";
import type { EncodedDataset } from "../../src/data/rows.ts";

/** Rows of these lengths, every token with an id of its own. */
function rowsOf(lengths: number[]): EncodedDataset {
  const rowStart = new Int32Array(lengths.length + 1);
  lengths.forEach((length, row) => (rowStart[row + 1] = (rowStart[row] ?? 0) + length));
  const tokens = rowStart[lengths.length] ?? 0;
  return {
    ids: Int32Array.from({ length: tokens }, (_, t) => 100 + t),
    types: Int32Array.from({ length: tokens }, (_, t) => t % 2),
    rowStart,
    fullLengths: Int32Array.from(lengths),
    labels: Int32Array.from(lengths, (_, row) => row % 5),
  };
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
const seed = fc.integer({ min: 0, max: 0xffffffff });

describe("epochOrder and stepRows", () => {
  it("give every row once an epoch, in full steps but for the last, cut as asked", () => {
    const sizes = fc.record({ rows: fc.integer({ min: 1, max: 300 }), step: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 9 }), seed, ({ rows, step }, accumulate, own) => {
        const steps = [...stepRows(epochOrder(rows, own, 3), step, accumulate)];
        expect(steps).toHaveLength(Math.ceil(rows / step));
        const seen = steps.flat().flatMap((microBatch) => [...microBatch]);
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
        steps.forEach((microBatches, i) => {
          const count = microBatches.reduce((sum, { length }) => sum + length, 0);
          expect(count).toBe(i + 1 < steps.length ? step : rows - step * (steps.length - 1));
          expect(microBatches.length).toBeLessThanOrEqual(accumulate);
          expect(microBatches.every(({ length }) => length > 0)).toBe(true);
        });
      }),
    );
  });

  it("shuffle by seed and epoch, the same every time", () => {
    const order = (own: number, epoch: number) => [...epochOrder(100, own, epoch)];
    expect(order(42, 0)).toEqual(order(42, 0));
    expect(order(42, 0)).not.toEqual(order(42, 1));
    expect(order(42, 0)).not.toEqual(order(43, 0));
    expect(order(42, 0)).not.toEqual(Array.from({ length: 100 }, (_, row) => row));
  });
});

describe("gatherBatch", () => {
  it("lays the rows end to end, with positions from 0 and labels in order", () => {
    fc.assert(
      fc.property(lengths, seed, (own, key) => {
        const data = rowsOf(own);
        const rows = epochOrder(rowCount(data), key, 0);
        const batch = gatherBatch(data, rows);
        expect(batch.rowStart).toHaveLength(rows.length + 1);
        rows.forEach((row, i) => {
          const [from, to] = [batch.rowStart[i] ?? NaN, batch.rowStart[i + 1] ?? NaN];
          const [start, end] = [data.rowStart[row] ?? NaN, data.rowStart[row + 1] ?? NaN];
          expect(batch.ids.slice(from, to)).toEqual(data.ids.slice(start, end));
          expect(batch.types.slice(from, to)).toEqual(data.types.slice(start, end));
          expect([...batch.positions.slice(from, to)]).toEqual(Array.from({ length: to - from }, (_, p) => p));
          expect(batch.labels[i]).toBe(data.labels[row]);
        });
      }),
    );
  });

  it("takes a last batch of one row", () => {
    const data = rowsOf([3, 1, 2]);
    const batch = gatherBatch(data, Int32Array.of(1));
    expect([...batch.ids]).toEqual([103]);
    expect([...batch.rowStart]).toEqual([0, 1]);
    expect([...batch.labels]).toEqual([1]);
  });
});

describe("fittingRows", () => {
  it("keeps every row in order, within tokens and rows, and wastes no batch", () => {
    const most = fc.record({ tokens: fc.integer({ min: 40, max: 200 }), rows: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(lengths, most, (own, limit) => {
        const data = rowsOf(own);
        const all = Int32Array.from(own.keys());
        const batches = [...fittingRows(data, all, limit)];
        expect(batches.flatMap((rows) => [...rows])).toEqual([...all]);
        const tokens = (rows: Int32Array) => rows.reduce((sum, row) => sum + lengthOf(data, row), 0);
        batches.forEach((rows, i) => {
          expect(rows.length).toBeLessThanOrEqual(limit.rows);
          expect(tokens(rows)).toBeLessThanOrEqual(limit.tokens);
          const [next] = batches[i + 1] ?? [];
          if (next === undefined) return;
          expect(rows.length === limit.rows || tokens(rows) + lengthOf(data, next) > limit.tokens).toBe(true);
        });
      }),
    );
  });

  it("gives nothing of nothing", () => {
    expect([...fittingRows(rowsOf([2]), new Int32Array(0), { tokens: 8, rows: 8 })]).toEqual([]);
  });
});
