import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classUncertainty, farApart, labelUncertainty, mostUncertain } from "../../src/metrics/uncertainty.ts";

const weights = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 });

describe("classUncertainty", () => {
  it("has the numbers of scipy.stats.entropy", () => {
    const { margin, entropy, confidence } = classUncertainty([0.2, 0.7, 0.1]);
    expect(margin).toBeCloseTo(0.5, 12);
    // entropy([0.7, 0.2, 0.1]) / log(3)
    expect(entropy).toBeCloseTo(0.7298466991620975, 12);
    expect(confidence).toBe(0.7);
    expect(classUncertainty([0.25, 0.25, 0.25, 0.25])).toEqual({ margin: 1, entropy: 1, confidence: 0.25 });
    expect(classUncertainty([1, 0])).toEqual({ margin: 0, entropy: 0, confidence: 1 });
  });

  it("is from 0 to 1 and does not depend on the order of the classes", () => {
    fc.assert(
      fc.property(weights, (raw) => {
        const sum = raw.reduce((a, b) => a + b, 0);
        const probabilities = raw.map((weight) => weight / sum);
        const found = classUncertainty(probabilities);
        const turned = classUncertainty(probabilities.toReversed());
        for (const measure of ["margin", "entropy"] as const) {
          expect(found[measure]).toBeGreaterThanOrEqual(-1e-12);
          expect(found[measure]).toBeLessThanOrEqual(1 + 1e-12);
          expect(turned[measure]).toBeCloseTo(found[measure], 10);
        }
      }),
    );
  });
});

it("labelUncertainty takes the label nearest to one half, and the mean entropy", () => {
  const { margin, entropy, confidence } = labelUncertainty([0.9, 0.5, 0.2]);
  expect([margin, confidence]).toEqual([1, 0.5]);
  // np.mean([entropy([p, 1 - p], base=2) for p in [0.9, 0.5, 0.2]])
  expect(entropy).toBeCloseTo(0.7303078961588811, 12);
  expect(labelUncertainty([1, 0, 0])).toEqual({ margin: 0, entropy: 0, confidence: 1 });
});

it("mostUncertain sorts by score, keeps the order of equal ones, and has rows without a score last", () => {
  expect([...mostUncertain(Float32Array.of(0.5, NaN, 0.75, 0.5, 0))]).toEqual([2, 0, 3, 4, 1]);
});

describe("farApart", () => {
  it("takes the farthest row each time, as going through all distances does", () => {
    const points = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 12 }), (rows, count) => {
        const chosen = [...farApart(Float32Array.from(rows.flat()), 2, count)];
        expect(chosen).toHaveLength(Math.min(count, rows.length));
        expect(new Set(chosen).size).toBe(chosen.length);
        const distance = (a: number, b: number) =>
          ((rows[a]?.[0] ?? 0) - (rows[b]?.[0] ?? 0)) ** 2 + ((rows[a]?.[1] ?? 0) - (rows[b]?.[1] ?? 0)) ** 2;
        for (let i = 1; i < chosen.length; i++) {
          const before = chosen.slice(0, i);
          const nearest = rows.map((_, row) => Math.min(...before.map((one) => distance(row, one))));
          const left = rows.map((_, row) => row).filter((row) => !before.includes(row));
          const most = Math.max(...left.map((row) => nearest[row] ?? 0));
          expect(chosen[i]).toBe(left.find((row) => nearest[row] === most));
        }
      }),
    );
  });
});
