import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { miniLm, randomRows, randomWeights, type ModelShape } from "../../bench/inputs/model-shape.ts";
import { ourPeer } from "../../bench/peers/ours.ts";
import { LEARNING_RATE } from "../../bench/peers/peer.ts";
import { StockTfjsStep } from "../../bench/peers/stock.ts";

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

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("ourPeer", () => {
  it("has the losses of stock tfjs, step by step, from the same weights on rows of unequal length", async () => {
    const weights = randomWeights(small, 5);
    const rows = randomRows([7, 3, 11, 1, 9], small, 6);
    const ours = await ourPeer({ shape: small, weights, rows: 5, tokens: 31, dropout: 0, plainAdam: true });
    const stock = new StockTfjsStep(small, weights, LEARNING_RATE, 0);
    const losses: number[] = [];
    for (let step = 0; step < 4; step++) {
      const pending = stock.step(rows, 11);
      const [expected = NaN] = await pending.data();
      const loss = await ours.step(rows).loss();
      expect(Math.abs(loss - expected), `step ${step}`).toBeLessThan(1e-5);
      losses.push(loss);
    }
    expect(losses[3]).toBeLessThan((losses[0] ?? NaN) - 1e-4);
    ours.dispose();
    stock.dispose();
  });

  it("drops when it is told to", async () => {
    const weights = randomWeights(small, 5);
    const rows = randomRows([7, 3, 11], small, 6);
    const fixed = { shape: small, weights, rows: 3, tokens: 21 };
    const plain = await ourPeer({ ...fixed, dropout: 0, plainAdam: true });
    const dropping = await ourPeer({ ...fixed, dropout: 0.1, plainAdam: false });
    expect(await dropping.step(rows).loss()).not.toBe(await plain.step(rows).loss());
    plain.dispose();
    dropping.dispose();
  });
});
