import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../../src/cli/parity/reference-file.ts";
import { kendall, ranksOf, spearman } from "../../../src/metrics/regression/correlation.ts";
import { regressionReportOf, RegressionScorer, type RegressionReport } from "../../../src/metrics/regression/report.ts";

interface ScipyCase {
  kind: string;
  y_true: number[];
  y_pred: number[];
  mse: number;
  rmse: number;
  mae: number;
  median_ae: number;
  max_error: number;
  r2: number | null;
  explained_variance: number | null;
  pearson: number | null;
  spearman: number | null;
  kendall: number | null;
}

const file = fileURLToPath(new URL("../../reference/tasks/metrics.json", import.meta.url));
const cases = ((await referenceJson(file)) as { regression: ScipyCase[] }).regression;

const values = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
  minLength: 2,
  maxLength: 40,
});
const sides = (pairs: readonly [number, number][]) => [pairs.map(([x]) => x), pairs.map(([, y]) => y)] as const;

describe("regressionReportOf", () => {
  it.each(cases)("equals scikit-learn and scipy: $kind", (c) => {
    const report = regressionReportOf(c.y_true, c.y_pred);
    const pairs: [number | null, number | null][] = [
      [report.mse, c.mse],
      [report.rmse, c.rmse],
      [report.mae, c.mae],
      [report.medianError, c.median_ae],
      [report.maxError, c.max_error],
      [report.r2, c.r2],
      [report.explainedVariance, c.explained_variance],
      [report.pearson, c.pearson],
      [report.spearman, c.spearman],
      [report.kendall, c.kendall],
    ];
    for (const [ours, theirs] of pairs) {
      if (ours === null || theirs === null) expect(ours).toBe(theirs);
      else expect(Math.abs(ours - theirs)).toBeLessThan(1e-9);
    }
  });

  it("holds what must be between its figures", () => {
    fc.assert(
      fc.property(values, (pairs) => {
        const { residuals, ...report }: RegressionReport = regressionReportOf(...sides(pairs));
        expect(report.mae).toBeLessThanOrEqual(report.rmse + 1e-9);
        expect(report.rmse).toBeLessThanOrEqual(report.maxError + 1e-9);
        expect(report.r2 ?? 0).toBeLessThanOrEqual((report.explainedVariance ?? 0) + 1e-9);
        if (!residuals) throw new Error("There are rows.");
        expect(residuals.mean ** 2 + residuals.deviation ** 2).toBeCloseTo(report.mse, 9);
        const { least, quarter, median, threeQuarters, most } = residuals;
        const inOrder = [least, quarter, median, threeQuarters, most];
        expect([...inOrder].sort((a, b) => a - b)).toEqual(inOrder);
      }),
    );
  });

  it("gives the residuals as predicted less true", () => {
    expect(regressionReportOf([1, 2, 3, 4, 5], [1, 3, 5, 7, 9]).residuals).toEqual({
      mean: 2,
      deviation: Math.SQRT2,
      least: 0,
      quarter: 1,
      median: 2,
      threeQuarters: 3,
      most: 4,
    });
  });

  it("holds a sample of many rows, and all of a few", () => {
    const truth = Array.from({ length: 1000 }, (_, row) => row);
    const { sample } = regressionReportOf(truth, truth);
    expect(sample).toHaveLength(200);
    expect(sample.slice(0, 2)).toEqual([
      [0, 0],
      [5, 5],
    ]);
    expect(regressionReportOf([1.234567], [2]).sample).toEqual([[1.234567, 2]]);
  });

  it("says nothing of no rows, and refuses sides of different lengths", () => {
    expect(regressionReportOf([], [])).toMatchObject({ rows: 0, mae: 0, rmse: 0, r2: null, residuals: null });
    expect(() => regressionReportOf([1], [])).toThrow(RangeError);
  });
});

describe("rank correlations", () => {
  it("do not change with a growing function, and change sign with the order", () => {
    fc.assert(
      fc.property(values, (pairs) => {
        const [x, y] = sides(pairs);
        for (const correlation of [spearman, kendall]) {
          const plain = correlation(x, y);
          const grown = correlation(
            x.map((value) => Math.exp(value / 3)),
            y,
          );
          const turned = correlation(
            x.map((value) => -value),
            y,
          );
          if (plain === null) expect([grown, turned]).toEqual([null, null]);
          else {
            expect(grown).toBeCloseTo(plain, 9);
            expect(turned).toBeCloseTo(-plain, 9);
          }
        }
      }),
    );
  });

  it("count pairs, as tau says", () => {
    fc.assert(
      fc.property(values, (pairs) => {
        const [x, y] = sides(pairs);
        let [sum, tiedX, tiedY, all] = [0, 0, 0, 0];
        for (const [i, [a, b]] of pairs.entries())
          for (const [c, d] of pairs.slice(0, i)) {
            sum += Math.sign(a - c) * Math.sign(b - d);
            if (a === c) tiedX++;
            if (b === d) tiedY++;
            all++;
          }
        const spread = Math.sqrt((all - tiedX) * (all - tiedY));
        const tau = kendall(x, y);
        if (spread === 0) expect(tau).toBeNull();
        else expect(tau).toBeCloseTo(sum / spread, 9);
      }),
    );
  });

  it("share the mean of their ranks among equal values", () => {
    expect([...ranksOf([30, 10, 20, 10])]).toEqual([4, 1.5, 3, 1.5]);
  });
});

describe("RegressionScorer", () => {
  it("takes values a few at a time", () => {
    const scorer = new RegressionScorer([1, 2, 3]);
    scorer.add(Float32Array.of(1.5));
    expect(() => scorer.report()).toThrow("3 true values for 1 predicted ones.");
    scorer.add(Float32Array.of(2, 2.5));
    expect(scorer.report()).toEqual(regressionReportOf([1, 2, 3], [1.5, 2, 2.5]));
    expect([...scorer.predicted()]).toEqual([1.5, 2, 2.5]);
    expect(() => scorer.add(Float32Array.of(1))).toThrow(RangeError);
  });
});
