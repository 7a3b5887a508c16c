import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { principalComponents } from "../../../src/insight/map/principal-components.ts";

const matrix = fc.tuple(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 20 })).chain(([rows, width]) =>
  fc.record({
    width: fc.constant(width),
    values: fc
      .array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: rows * width, maxLength: rows * width })
      .map((all) => Float32Array.from(all)),
  }),
);

describe("principalComponents", () => {
  it("gives scikit-learn's coordinates, signs and variances", () => {
    // sklearn 1.9.1: PCA(3, svd_solver="full") of sin(1.7 i + 0.9 j²) + 0.3 i cos(j) in float32, 8 rows of 5.
    const values = Float32Array.from({ length: 40 }, (_, at) => {
      const [i, j] = [Math.floor(at / 5), at % 5];
      return Math.sin(1.7 * i + 0.9 * j * j) + 0.3 * i * Math.cos(j);
    });
    const expected = [
      [2.68991, -0.10244, -0.10113],
      [0.13164, 0.50296, -0.39163],
      [-0.63815, -1.69934, -0.1876],
      [1.1745, -1.09959, 0.19184],
      [0.53319, 1.58578, 0.03153],
      [-2.05819, 0.93168, -0.16509],
      [-1.6931, -0.94751, 0.18739],
      [-0.13979, 0.82847, 0.43469],
    ];
    const { scores, variances, totalVariance } = principalComponents(values, 5, 3);
    expected.flat().forEach((value, at) => expect(scores[at]).toBeCloseTo(value, 4));
    [2.349456, 1.332454, 0.069701].forEach((value, k) => expect(variances[k]).toBeCloseTo(value, 5));
    [0.626252, 0.355168, 0.018579].forEach((value, k) =>
      expect((variances[k] ?? NaN) / totalVariance).toBeCloseTo(value, 5),
    );
  });

  it("gives uncorrelated columns with the variances that it states, the largest first", () => {
    fc.assert(
      fc.property(matrix, ({ values, width }) => {
        const { scores, components, variances, totalVariance } = principalComponents(values, width, 4);
        const rows = values.length / width;
        expect(components).toBe(Math.min(4, width));
        const column = (c: number) => Array.from({ length: rows }, (_, row) => scores[row * components + c] ?? NaN);
        for (let a = 0; a < components; a++) {
          for (let b = a; b < components; b++) {
            const [x, y] = [column(a), column(b)];
            const product = x.reduce((sum, one, i) => sum + one * (y[i] ?? NaN), 0) / (rows - 1);
            expect(Math.abs(product - (a === b ? (variances[a] ?? NaN) : 0))).toBeLessThan(1e-4 * (1 + totalVariance));
          }
          expect(Math.abs(column(a).reduce((sum, one) => sum + one, 0))).toBeLessThan(1e-3 * rows);
        }
        expect(variances).toEqual(variances.toSorted((a, b) => b - a));
        const sum = variances.reduce((all, one) => all + one, 0);
        expect(sum).toBeLessThanOrEqual(totalVariance * (1 + 1e-9) + 1e-9);
        if (components === width) expect(sum).toBeCloseTo(totalVariance, 4);
      }),
    );
  });

  it("keeps all distances where it keeps all dimensions, and knows no place of the origin", () => {
    fc.assert(
      fc.property(matrix, fc.integer({ min: -20, max: 20 }), ({ values, width }, by) => {
        const { scores } = principalComponents(values, width, width);
        const moved = principalComponents(
          values.map((one) => one + by),
          width,
          width,
        );
        const distance = (of: Float32Array, row: number) =>
          Math.hypot(...of.subarray(row * width, (row + 1) * width).map((one, k) => one - (of[k] ?? NaN)));
        for (let row = 0; row < values.length / width; row++) {
          expect(Math.abs(distance(scores, row) - distance(values, row))).toBeLessThan(1e-3);
          expect(Math.abs(distance(moved.scores, row) - distance(values, row))).toBeLessThan(1e-3);
        }
      }),
    );
  });

  it("puts equal rows, and a single one, at the origin", () => {
    for (const rows of [1, 3]) {
      const { scores, variances } = principalComponents(new Float32Array(rows * 6).fill(2.5), 6, 2);
      expect([...scores]).toEqual(new Array(2 * rows).fill(0));
      expect(variances).toEqual([0, 0]);
    }
    expect(principalComponents(new Float32Array(0), 6, 2).scores).toHaveLength(0);
  });
});
