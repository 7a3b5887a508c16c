import { tidy } from "@tensorflow/tfjs-core";
import { readTensors } from "../../../src/gpu/read-back.ts";
import { attention, attentionGradient } from "../../../src/ops/attention/attention.ts";
import type { Dropout } from "../../../src/ops/dropout/random.ts";
import { rowsOf } from "../batches.ts";
import { expectNear, expectSameBits, randomValues, toCapacity } from "../numbers.ts";
import { referenceAttention } from "./reference.ts";

/** Tokens that tensors have room for past the last one; they hold NaN, which shows in every result that reads it. */
const SPARE = 5;

interface Attention {
  headSize: number;
  heads: number;
  lengths: number[];
  dropout: Dropout;
}

/** Holds attention and its gradient on the running GPU against float64; the same bits at the second time. */
export async function expectRight(what: Attention, tolerance = 1e-5): Promise<void> {
  const { headSize, heads, lengths, dropout } = what;
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
  for (const name of ["out", "lse", "dQkv"] as const) expectNear(found[name], expected[name], tolerance, name);
  expectSameBits(await compute(), found);
}
