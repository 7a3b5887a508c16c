import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/data/random.ts";
import { nearestNeighbours } from "../../../src/insight/map/nearest-neighbours.ts";
import { umapLayout, type LayoutStep } from "../../../src/insight/map/umap-layout.ts";

const WIDTH = 8;

/** Rows around a few places that are far from each other; row i belongs to place i modulo `groups`. */
function planted(rows: number, groups: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: rows * WIDTH }, (_, at) => {
    const row = Math.floor(at / WIDTH);
    return random() + (at % WIDTH === row % groups ? 12 : 0);
  });
}

describe("nearestNeighbours", () => {
  it("finds what sorting all distances finds", () => {
    const table = fc.tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 6 }), fc.nat());
    fc.assert(
      fc.property(table, ([rows, width, seed]) => {
        const random = createRandom(seed);
        const values = Float32Array.from({ length: rows * width }, () => Math.floor(random() * 5));
        const count = Math.min(4, rows);
        const found = nearestNeighbours(values, width, count);
        const squared = (a: number, b: number) =>
          Array.from({ length: width }, (_, k) => (values[a * width + k] ?? 0) - (values[b * width + k] ?? 0)).reduce(
            (sum, one) => sum + one * one,
            0,
          );
        for (let row = 0; row < rows; row++) {
          const others = Array.from({ length: rows }, (_, other) => other).filter((other) => other !== row);
          others.sort((a, b) => squared(row, a) - squared(row, b) || a - b);
          expect(found.places[row]).toEqual([row, ...others.slice(0, count - 1)]);
          found.distances[row]?.forEach((own, i) =>
            expect(own).toBeCloseTo(Math.sqrt(squared(row, found.places[row]?.[i] ?? -1)), 6),
          );
        }
      }),
    );
  });
});

describe("umapLayout", () => {
  it("lays rows of a group beside each other: most nearest rows in the map are of the same group", () => {
    const [rows, groups] = [240, 4];
    const steps: LayoutStep[] = [];
    const layout = umapLayout(planted(rows, groups, 3), WIDTH, { seed: 1, onProgress: (step) => steps.push(step) });
    expect(layout).toHaveLength(2 * rows);
    const { places } = nearestNeighbours(layout, 2, 6);
    const same = places.flatMap(([row = 0, ...near]) => near.map((other) => other % groups === row % groups));
    expect(same.filter(Boolean).length / same.length).toBeGreaterThan(0.97);
    expect(new Set(steps.map(({ what }) => what))).toEqual(
      new Set(["Finding neighbours", "Building the graph", "Laying out"]),
    );
    const last = steps.at(-1);
    expect(last?.done).toBe(last?.total);
  });

  it("is the same for the same seed, and another for another", () => {
    const values = planted(60, 3, 5);
    const first = umapLayout(values, WIDTH, { seed: 1 });
    expect(umapLayout(values, WIDTH, { seed: 1 })).toEqual(first);
    expect(umapLayout(values, WIDTH, { seed: 2 })).not.toEqual(first);
  });

  it("lays out few rows, and rows that are equal", () => {
    for (const values of [planted(4, 2, 1), new Float32Array(40 * WIDTH), planted(40, 40, 1).fill(1, 0, 30 * WIDTH)]) {
      const layout = umapLayout(values, WIDTH, { seed: 1 });
      expect(layout.every(Number.isFinite)).toBe(true);
      expect(layout).toHaveLength((2 * values.length) / WIDTH);
    }
  });
});
