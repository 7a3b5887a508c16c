import { describe, expect, it } from "vitest";
import { correctedInterval, studentQuantile } from "../../src/metrics/corrected-interval.ts";

describe("the corrected interval of folds", () => {
  it("has scipy's quantiles of Student's t", () => {
    const expected = [
      [1, 12.706204736174694],
      [2, 4.302652729749462],
      [4, 2.7764451051977934],
      [9, 2.262157162798205],
      [14, 2.144786687917804],
      [49, 2.0095752371292392],
    ] as const;
    for (const [freedom, quantile] of expected) {
      expect(studentQuantile(0.975, freedom) / quantile).toBeCloseTo(1, 8);
      expect(studentQuantile(0.025, freedom)).toBe(-studentQuantile(0.975, freedom));
    }
  });

  it("is wider than the plain one by the share of held rows", () => {
    const { mean, deviation, interval } = correctedInterval([0.81, 0.84, 0.79, 0.83, 0.86], 1 / 4);
    // numpy: s.mean(), s.std(ddof=1), and t.ppf(0.975, 4) * sqrt((1/5 + 1/4) * s.var(ddof=1))
    expect(mean).toBeCloseTo(0.826, 10);
    expect(deviation).toBeCloseTo(0.0270185, 7);
    expect(interval?.[0]).toBeCloseTo(0.775678, 5);
    expect(interval?.[1]).toBeCloseTo(0.876322, 5);
    expect(correctedInterval([0.9], 0.25)).toEqual({ mean: 0.9, deviation: 0, interval: null });
  });
});
