import { describe, expect, it } from "vitest";
import { epochOrder } from "../../src/data/batches.ts";
import { epochSize, sampledOrder } from "../../src/data/sampled-order.ts";
import { rowsPerEpoch } from "../../src/recipe/sampling.ts";

/** 9 rows of class 0, 4 of class 3 and 2 of class 1, of 10, 20 and 30 tokens. */
const labels = Int32Array.of(0, 3, 0, 0, 1, 0, 3, 0, 0, 3, 0, 1, 0, 3, 0);
const rowStart = new Int32Array(labels.length + 1);
labels.forEach((label, row) => (rowStart[row + 1] = (rowStart[row] ?? 0) + ({ 0: 10, 1: 30, 3: 20 }[label] ?? NaN)));
const train = { labels, rowStart };

const classesOf = (rows: Int32Array) => [0, 1, 3].map((label) => rows.filter((row) => labels[row] === label));

describe("sampledOrder", () => {
  it("is the shuffle of all rows where they are taken as they are", () => {
    expect(sampledOrder(train, { sampling: "all", seed: 5 }, 2)).toEqual(epochOrder(15, 5, 2));
    expect(epochSize(train, { sampling: "all" })).toEqual({ rows: 15, tokens: 230 });
  });

  it("repeats rows of smaller classes, each as often as another or once more", () => {
    for (const epoch of [0, 1, 2]) {
      const order = sampledOrder(train, { sampling: "oversample", seed: 5 }, epoch);
      expect(order).toHaveLength(27);
      for (const rows of classesOf(order)) {
        expect(rows).toHaveLength(9);
        const times = [...new Set(rows)].map((row) => rows.filter((other) => other === row).length);
        const whole = Math.floor(9 / times.length);
        expect(times.reduce((a, b) => a + b)).toBe(9);
        expect(times.every((count) => count === whole || count === whole + 1)).toBe(true);
      }
      expect(new Set(order).size).toBe(15);
    }
    expect(epochSize(train, { sampling: "oversample" })).toEqual({ rows: 27, tokens: 540 });
  });

  it("leaves out rows of larger classes, others in each epoch", () => {
    const orders = [0, 1, 2, 3].map((epoch) => sampledOrder(train, { sampling: "undersample", seed: 5 }, epoch));
    for (const order of orders) {
      expect(new Set(order).size).toBe(6);
      expect(classesOf(order).map(({ length }) => length)).toEqual([2, 2, 2]);
    }
    expect(new Set(orders.flatMap((order) => [...order])).size).toBeGreaterThan(8);
    expect(epochSize(train, { sampling: "undersample" })).toEqual({ rows: 6, tokens: 120 });
  });

  it("is the same for the same seed and epoch, and mixes the classes", () => {
    const order = (seed: number, epoch: number) => [...sampledOrder(train, { sampling: "oversample", seed }, epoch)];
    expect(order(5, 1)).toEqual(order(5, 1));
    expect(order(5, 1)).not.toEqual(order(5, 2));
    expect(order(5, 1)).not.toEqual(order(6, 1));
    const classes = order(5, 1).map((row) => labels[row]);
    expect(classes.filter((label, i) => label !== classes[i - 1]).length).toBeGreaterThan(6);
  });
});

describe("rowsPerEpoch", () => {
  it.each([
    ["all", 15],
    ["oversample", 27],
    ["undersample", 6],
  ] as const)("counts the rows of an epoch, classes without rows aside: %s", (sampling, rows) => {
    expect(rowsPerEpoch({ trainRows: 15, trainCounts: [9, 2, 0, 4] }, sampling)).toBe(rows);
    expect(epochSize(train, { sampling }).rows).toBe(rows);
  });
});
