import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampled, smoothed } from "../../src/metrics/curves.ts";

const lines = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 400 })
  .map((ys) => ys.map((y, x) => ({ x, y })));

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
      fc.property(lines, fc.integer({ min: 4, max: 100 }), (points, limit) => {
        const kept = sampled(points, limit);
        expect(kept.length).toBeLessThanOrEqual(Math.max(limit, 1));
        expect(kept[0]).toBe(points[0]);
        expect(kept.at(-1)).toBe(points.at(-1));
        for (let i = 1; i < kept.length; i++) expect(kept[i]?.x).toBeGreaterThan(kept[i - 1]?.x ?? Infinity);
        const ys = (line: typeof points) => line.map((p) => p.y);
        expect(Math.max(...ys(kept))).toBe(Math.max(...ys(points)));
        expect(Math.min(...ys(kept))).toBe(Math.min(...ys(points)));
      }),
    );
  });

  it("thins 20,000 steps to about 600 and keeps a single spike", () => {
    const points = Array.from({ length: 20_000 }, (_, x) => ({ x, y: x === 12_345 ? 99 : Math.sin(x / 50) }));
    const kept = sampled(points, 600);
    expect(kept.length).toBeGreaterThan(500);
    expect(kept.length).toBeLessThanOrEqual(600);
    expect(kept.some((p) => p.y === 99)).toBe(true);
  });

  it("returns a short line as it is, in a new array", () => {
    const points = [{ x: 1, y: 2 }];
    expect(sampled(points, 10)).toEqual(points);
    expect(sampled(points, 10)).not.toBe(points);
  });

  it("leaves out values that are not finite unless there is nothing else", () => {
    const points = Array.from({ length: 100 }, (_, x) => ({ x, y: x < 50 ? x : NaN }));
    const kept = sampled(points, 10);
    expect(kept.filter((p) => p.x < 50).every((p) => Number.isFinite(p.y))).toBe(true);
    expect(kept.at(-1)?.y).toBeNaN();
  });

  it("refuses a limit that has no room", () => {
    expect(() => sampled([], 3)).toThrow(RangeError);
  });
});
