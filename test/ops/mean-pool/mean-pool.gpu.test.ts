import { beforeAll, describe, expect, it } from "vitest";
import { uploadBatch } from "../../../src/ops/device-batch.ts";
import { poolMean, poolMeanGradient } from "../../../src/ops/mean-pool/mean-pool.ts";
import { randomBatch } from "../batches.ts";
import { computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectSameBits, randomValues, toCapacity, type Values } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { name: "1 row of 1 token", lengths: [1], hidden: 4, scale: 1 },
  { name: "1 row", lengths: [9], hidden: 8, scale: 1 },
  { name: "rows of unequal length", lengths: [3, 1, 6, 2], hidden: 8, scale: 0.25 },
  { name: "an odd hidden size", lengths: [2, 5], hidden: 7, scale: 0.5 },
  { name: "a row of maximum length", lengths: [512], hidden: 4, scale: 1 },
];
const sizes = { word: 9, position: 512, type: 2 };

function bothWays(lengths: number[], x: Values, dy: Values, scale: number, spare: number) {
  const room = { tokens: (x.shape[0] ?? 0) + spare, rows: lengths.length + spare };
  const batch = uploadBatch(randomBatch(lengths, sizes, 5), room, sizes, "inference");
  return {
    y: poolMean(toCapacity(x, room.tokens), batch, scale),
    dx: poolMeanGradient(toCapacity(dy, room.rows), batch, scale),
  };
}

describe("mean-pool", () => {
  it.each(shapes)("takes the mean of each row's tokens, forth and back: $name", async ({ lengths, hidden, scale }) => {
    const tokens = lengths.reduce((a, b) => a + b, 0);
    const x = randomValues([tokens, hidden], 1);
    const dy = randomValues([lengths.length, hidden], 2);
    const all = await computeOnAll(() => bothWays(lengths, x, dy, scale, 0));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => bothWays(lengths, x, dy, scale, 5)), all.webgpu);
    let start = 0;
    for (const [row, length] of lengths.entries()) {
      for (let k = 0; k < hidden; k++) {
        let sum = 0;
        for (let token = start; token < start + length; token++) sum += x.values[token * hidden + k] ?? NaN;
        expect(all.webgpu.y?.[row * hidden + k]).toBeCloseTo((scale * sum) / length, 5);
      }
      start += length;
    }
    const loss = () => weightedSum(() => bothWays(lengths, x, dy, scale, 0).y, dy);
    await expectGradient(all.webgpu.dx, x, loss, "dx");
  });
});
