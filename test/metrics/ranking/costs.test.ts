import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figuresAs, figuresAt, leastCost } from "../../../src/metrics/ranking/costs.ts";
import { ranked } from "../../../src/metrics/ranking/cuts.ts";

type Row = [isTrue: boolean, score: number];

const rows = fc.array(
  fc.tuple(
    fc.boolean(),
    fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
  ),
  { maxLength: 40 },
);
const costs = fc.record({
  falseAlarm: fc.integer({ min: 0, max: 20 }),
  miss: fc.integer({ min: 0, max: 20 }),
});
const rankedRows = (all: Row[]) =>
  ranked(
    all.map(([isTrue]) => Number(isTrue)),
    all.map(([, score]) => score),
  );

/** Counts row by row. */
function counted(all: Row[], threshold: number) {
  const count = (isTrue: boolean, isPredicted: boolean) =>
    all.filter(([truth, score]) => truth === isTrue && score >= threshold === isPredicted).length;
  return { hits: count(true, true), falseAlarms: count(false, true), misses: count(true, false) };
}

describe("figuresAt", () => {
  it("counts as one would row by row", () => {
    fc.assert(
      fc.property(rows, costs, fc.double({ min: 0, max: 1, noNaN: true }), (all, cost, threshold) => {
        const { hits, falseAlarms, misses } = counted(all, threshold);
        const found = figuresAt(rankedRows(all), threshold, cost);
        expect(found).toMatchObject({ threshold, falseAlarms, misses });
        expect(found.precision).toBe(hits + falseAlarms === 0 ? 0 : hits / (hits + falseAlarms));
        expect(found.recall).toBe(hits + misses === 0 ? 0 : hits / (hits + misses));
        expect(found.f1).toBeCloseTo(hits === 0 ? 0 : (2 * hits) / (2 * hits + falseAlarms + misses), 12);
        const mean = all.length === 0 ? 0 : (cost.falseAlarm * falseAlarms + cost.miss * misses) / all.length;
        expect(found.cost).toBeCloseTo(mean, 12);
        const truth = Uint8Array.from(all, ([isTrue]) => Number(isTrue));
        const predicted = Uint8Array.from(all, ([, score]) => Number(score >= threshold));
        expect({ threshold, ...figuresAs(truth, predicted, cost) }).toEqual(found);
      }),
    );
  });
});

describe("leastCost", () => {
  it("costs no more than any threshold up to 1", () => {
    fc.assert(
      fc.property(rows, costs, (all, cost) => {
        const scores = rankedRows(all);
        const { threshold, cost: least } = leastCost(scores, cost);
        expect(threshold).toBeGreaterThanOrEqual(0);
        expect(threshold).toBeLessThanOrEqual(1);
        expect(figuresAt(scores, threshold, cost).cost).toBe(least);
        for (let tried = 0; tried <= 40; tried++) {
          expect(least).toBeLessThanOrEqual(figuresAt(scores, tried / 40, cost).cost + 1e-9);
        }
      }),
    );
  });

  it("is 0.5 where no threshold is better, and moves to the side of the dearer mistake", () => {
    const all: Row[] = [
      [false, 0.2],
      [true, 0.3],
      [false, 0.6],
      [true, 0.9],
    ];
    expect(leastCost(rankedRows([]), { falseAlarm: 1, miss: 1 }).threshold).toBe(0.5);
    expect(leastCost(rankedRows(all), { falseAlarm: 1, miss: 10 })).toMatchObject({ threshold: 0.25, cost: 0.25 });
    expect(leastCost(rankedRows(all), { falseAlarm: 10, miss: 1 })).toMatchObject({ threshold: 0.75, cost: 0.25 });
    // Nothing is predicted where a false alarm costs all and a hit nothing.
    expect(leastCost(rankedRows([[false, 0.8]]), { falseAlarm: 1, miss: 1 })).toMatchObject({
      threshold: 0.9,
      cost: 0,
    });
  });
});
