import { defaultDevice, init } from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { JaxStep } from "../../bench/peers/jax.ts";
import { miniLm, randomRows, randomWeights, type ModelShape } from "../../bench/inputs/model-shape.ts";
import { ourPeer } from "../../bench/peers/ours.ts";
import { LEARNING_RATE } from "../../bench/peers/peer.ts";

const small: ModelShape = {
  ...miniLm,
  layers: 2,
  hidden: 32,
  heads: 4,
  intermediate: 64,
  vocabulary: 200,
  positions: 16,
  classes: 3,
};
const weights = randomWeights(small, 5);
const rows = randomRows([7, 3, 11, 1, 9], small, 6);

beforeAll(async () => {
  await tf.setBackend("cpu");
  await init("wasm");
  defaultDevice("wasm");
});

async function lossesOf(step: () => Promise<number>): Promise<number[]> {
  const losses: number[] = [];
  for (let i = 0; i < 4; i++) losses.push(await step());
  return losses;
}

describe("JaxStep", () => {
  it("has our losses, step by step, from the same weights on rows of unequal length", async () => {
    const ours = await ourPeer({ shape: small, weights, rows: 5, tokens: 31, dropout: 0, plainAdam: true });
    const jax = new JaxStep(small, weights, { learningRate: LEARNING_RATE, weightDecay: 0 }, "wasm");
    const expected = await lossesOf(() => ours.step(rows).loss());
    const losses = await lossesOf(() => jax.step(rows, 11).loss());
    losses.forEach((loss, step) => expect(Math.abs(loss - (expected[step] ?? NaN)), `step ${step}`).toBeLessThan(1e-5));
    expect(losses[3]).toBeLessThan((losses[0] ?? NaN) - 1e-4);
    ours.dispose();
    jax.dispose();
  });

  it("decays weights when it is told to", async () => {
    const decayed = async (weightDecay: number) => {
      const jax = new JaxStep(small, weights, { learningRate: LEARNING_RATE, weightDecay }, "wasm");
      const losses = await lossesOf(() => jax.step(rows, 11).loss());
      jax.dispose();
      return losses;
    };
    const [plain, strong] = [await decayed(0), await decayed(100)];
    expect(strong[0]).toBe(plain[0]);
    expect(Math.abs((strong[3] ?? NaN) - (plain[3] ?? NaN))).toBeGreaterThan(1e-4);
  });
});
