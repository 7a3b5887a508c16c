import { beforeAll, describe, expect, it } from "vitest";
import { uploadBatch } from "../../../src/ops/device-batch.ts";
import { poolFirst, poolFirstGradient } from "../../../src/ops/pool/pool.ts";
import { randomBatch } from "../batches.ts";
import { computeOn, computeOnAll, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectSameBits, randomValues, toCapacity, type Values } from "../numbers.ts";

beforeAll(async () => {
  await startBackends();
});

const shapes = [
  { name: "1 row of 1 token", lengths: [1], hidden: 4 },
  { name: "rows of unequal length", lengths: [3, 1, 6, 2], hidden: 8 },
  { name: "an odd hidden size", lengths: [2, 5], hidden: 7 },
  { name: "a row of maximum length", lengths: [512], hidden: 4 },
];
const sizes = { word: 9, position: 512, type: 2 };

function bothWays(lengths: number[], x: Values, dy: Values, spare: number) {
  const room = { tokens: (x.shape[0] ?? 0) + spare, rows: lengths.length + spare };
  const batch = uploadBatch(randomBatch(lengths, sizes, 5), room, sizes, "inference");
  return {
    y: poolFirst(toCapacity(x, room.tokens), batch),
    dx: poolFirstGradient(toCapacity(dy, room.rows), batch),
  };
}

describe("pool", () => {
  it.each(shapes)("takes the first token of each row, forth and back: $name", async ({ lengths, hidden }) => {
    const tokens = lengths.reduce((a, b) => a + b, 0);
    const x = randomValues([tokens, hidden], 1);
    const dy = randomValues([lengths.length, hidden], 2);
    const all = await computeOnAll(() => bothWays(lengths, x, dy, 0));
    expectAgreement(all, 1e-7);
    expectSameBits(await computeOn("webgpu", () => bothWays(lengths, x, dy, 5)), all.webgpu);
    let start = 0;
    for (const [row, length] of lengths.entries()) {
      const own = x.values.subarray(start * hidden, (start + 1) * hidden);
      expect(all.webgpu.y?.subarray(row * hidden, (row + 1) * hidden)).toEqual(own);
      start += length;
    }
    await expectGradient(all.webgpu.dx, x, () => weightedSum(() => bothWays(lengths, x, dy, 0).y, dy), "dx");
  });
});
