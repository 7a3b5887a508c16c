import { tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { startNodeBackend } from "../../../src/cli/node-backend.ts";
import { readTensors } from "../../../src/gpu/read-back.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import { attention, attentionGradient } from "../../../src/ops/attention/attention.ts";
import { dropoutKey, NO_DROPOUT, type Dropout } from "../../../src/ops/dropout/random.ts";
import { rowsOf } from "../batches.ts";
import { expectNear, expectSameBits, randomValues, toCapacity } from "../numbers.ts";
import { referenceAttention } from "./reference.ts";

// The kernels for GPUs against float64, over many head sizes and lengths of rows.

beforeAll(async () => {
  const { backend, adapter } = await startNodeBackend("webgpu");
  expect(backend).toBe("webgpu");
  runningGpu().kernels = "gpu";
  console.error(adapter);
});

/** Tokens that tensors have room for past the last one; they hold NaN, which shows in every result that reads it. */
const SPARE = 5;

async function expectRight(headSize: number, heads: number, lengths: number[], dropout: Dropout): Promise<void> {
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const qkv = randomValues([tokens, 3 * heads * headSize], 1, 1.5);
  const dOut = randomValues([tokens, heads * headSize], 2);
  const { rowStart } = rowsOf(lengths, tokens);
  const compute = async () => {
    const results = tidy(() => {
      const rows = rowsOf(lengths, tokens + SPARE);
      const options = { tokens, heads, dropout };
      const [input, gradient] = [toCapacity(qkv, tokens + SPARE), toCapacity(dOut, tokens + SPARE)];
      const { out, lse } = attention(input, rows, options);
      return { out, lse, dQkv: attentionGradient(gradient, { qkv: input, out, lse }, rows, options) };
    });
    const [out, lse, dQkv] = await readTensors(Object.values(results));
    for (const held of Object.values(results)) held.dispose();
    if (!out || !lse || !dQkv) throw new Error("A tensor was not read.");
    return {
      out: out.subarray(0, tokens * heads * headSize),
      lse: lse.subarray(0, tokens * heads),
      dQkv: dQkv.subarray(0, 3 * tokens * heads * headSize),
    };
  };
  const found = await compute();
  const expected = referenceAttention(qkv.values, dOut.values, { rowStart, heads, size: headSize, dropout });
  for (const name of ["out", "lse", "dQkv"] as const) expectNear(found[name], expected[name], 1e-5, name);
  expectSameBits(await compute(), found);
}

const dropouts = [NO_DROPOUT, { rate: 0.3, key: dropoutKey(42, 3, 0, 1) }];

describe.each([1, 4, 7, 16, 26, 32, 45, 64, 72, 80, 100, 128, 130, 200, 504])("attention, heads of %i", (headSize) => {
  it.each([[[1]], [[31, 1, 32, 2]], [[33, 64, 7]], [[100, 65]]])("rows of %j tokens", async (lengths) => {
    for (const dropout of dropouts) await expectRight(headSize, 2, lengths, dropout);
  });
});

describe("attention in long rows", () => {
  it.each([
    [32, [512, 3, 257]],
    [64, [512]],
    [4, [1, 1100, 2]],
  ])("heads of %i, rows of %j tokens", async (headSize, lengths) => {
    for (const dropout of dropouts) await expectRight(headSize, 1, lengths, dropout);
  });
});
