import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampled, smoothed } from "../../src/metrics/curves.ts";

const lines = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
  minLength: 1,
  maxLength: 400,
});

describe("smoothed", () => {
  it("is the weighted mean of all values so far", () => {
    const weight = 0.9;
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const expected = values.map((_, n) => {
      const weights = values.slice(0, n + 1).map((__, i) => weight ** (n - i));
      const sum = weights.reduce((a, b) => a + b, 0);
      return weights.reduce((a, w, i) => a + w * (values[i] ?? 0), 0) / sum;
    });
    smoothed(values, weight).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 10));
  });

  it("starts at the first value and keeps a constant", () => {
    for (const value of smoothed([2.5, 2.5, 2.5, 2.5], 0.99)) expect(value).toBeCloseTo(2.5, 12);
  });

  it("changes nothing at weight 0", () => {
    expect(smoothed([1, -2, 3], 0)).toEqual([1, -2, 3]);
  });

  it("passes over values that are not finite", () => {
    const [a, b, c, d] = smoothed([NaN, 1, Infinity, 1], 0.5);
    expect(a).toBeNaN();
    expect([b, c, d]).toEqual([1, 1, 1]);
  });
});

describe("sampled", () => {
  it("keeps within the limit, the order, the ends and the extremes", () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 4, max: 100 }), (values, limit) => {
        const places = sampled(values, limit);
        const kept = places.map((place) => values[place] ?? NaN);
        expect(kept.length).toBeLessThanOrEqual(Math.max(limit, 1));
        expect(places[0]).toBe(0);
        expect(places.at(-1)).toBe(values.length - 1);
        for (let i = 1; i < places.length; i++) expect(places[i]).toBeGreaterThan(places[i - 1] ?? Infinity);
        expect(Math.max(...kept)).toBe(Math.max(...values));
        expect(Math.min(...kept)).toBe(Math.min(...values));
      }),
    );
  });

  it("thins 20,000 steps to about 600 and keeps a single spike", () => {
    const values = Array.from({ length: 20_000 }, (_, x) => (x === 12_345 ? 99 : Math.sin(x / 50)));
    const kept = sampled(values, 600);
    expect(kept.length).toBeGreaterThan(500);
    expect(kept.length).toBeLessThanOrEqual(600);
    expect(kept).toContain(12_345);
  });

  it("keeps all of a short line, and of any without a limit", () => {
    expect(sampled([2, 1], 10)).toEqual([0, 1]);
    expect(sampled(new Array<number>(50).fill(1), Infinity)).toHaveLength(50);
  });

  it("leaves out values that are not finite unless there is nothing else", () => {
    const values = Array.from({ length: 100 }, (_, x) => (x < 50 ? x : NaN));
    const kept = sampled(values, 10);
    expect(kept.filter((place) => place < 50).every((place) => Number.isFinite(values[place]))).toBe(true);
    expect(kept.at(-1)).toBe(99);
  });

  it("refuses a limit that has no room", () => {
    expect(() => sampled([], 3)).toThrow(RangeError);
  });
});
