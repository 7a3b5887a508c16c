import { beforeAll, describe, expect, it } from "vitest";
import { startNodeBackend } from "../../../src/cli/node-backend.ts";
import { readTensor } from "../../../src/gpu/read-back.ts";
import { multiplied as product } from "../../../src/ops/low-rank/portable.ts";
import { randomValues, toTensor } from "../numbers.ts";

beforeAll(async () => {
  await startNodeBackend("wasm");
});

/** a · b by its definition, from a[m, k] or a[k, m], and b[k, n] or b[n, k]. */
function expected(a: Float32Array, b: Float32Array, [m, n, k]: Sizes, transposeA: boolean, transposeB: boolean) {
  return Float32Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let q = 0; q < k; q++) {
      const left = a[transposeA ? q * m + i : i * k + q] ?? NaN;
      const right = b[transposeB ? j * k + q : q * n + j] ?? NaN;
      sum += left * right;
    }
    return sum;
  });
}

type Sizes = readonly [m: number, n: number, k: number];

const sizes: Sizes[] = [
  [1, 1, 1],
  [4, 8, 4],
  [5, 9, 7],
  [3, 2, 30],
  [16, 2, 24],
  [67, 20, 33],
  [12, 37, 512],
  [9, 5, 1030],
];

describe("product on wasm", () => {
  for (const size of sizes) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ] as const) {
      const [m, n, k] = size;
      it(`${m} × ${k} × ${n}${transposeA ? ", left transposed" : ""}${transposeB ? ", right transposed" : ""}`, async () => {
        const a = randomValues(transposeA ? [k, m] : [m, k], 1);
        const b = randomValues(transposeB ? [n, k] : [k, n], 2);
        const y = product(toTensor(a), toTensor(b), transposeA, transposeB);
        expect(y.shape).toEqual([m, n]);
        const wanted = expected(a.values, b.values, size, transposeA, transposeB);
        const got = await readTensor(y);
        const worst = Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] ?? NaN))));
        expect(worst).toBeLessThan(1e-6 * k + 1e-6);
      });
    }
  }
});
