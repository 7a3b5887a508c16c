import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import { disposeBatch, uploadBatch } from "../../src/ops/device-batch.ts";
import { preNormConfig, randomClassifier, randomConfig } from "../model/random-model.ts";
import { useNodeBackend } from "../node-backend.ts";
import { expectSameBits, variants } from "./checkpointing.ts";
import { learnableRows } from "./learnable-rows.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

describe("checkpointing on wasm", () => {
  it.each(Object.keys(variants) as (keyof typeof variants)[])("gives the same bits: %s", async (variant) => {
    await expectSameBits(variant);
    expect(memory().numTensors).toBe(0);
  });

  it.each([
    ["post-norm", randomConfig({ num_hidden_layers: 5 })],
    ["pre-norm", preNormConfig({ blocks: 5 })],
  ])("keeps of each %s layer but the last its input alone", async (_, config) => {
    const model = await randomClassifier(config);
    const data = learnableRows(24, 1);
    const batch = gatherBatch(data, Int32Array.of(0, 1, 2, 3));
    const uploaded = uploadBatch(batch, { tokens: 64, rows: 4 }, model.tables, "training");
    const kept = [false, true].map((checkpointing) => {
      model.checkpointing = checkpointing;
      const before = memory().numBytes;
      const { logits, pass } = model.forward(uploaded);
      const bytes = memory().numBytes - before;
      model.discard(pass);
      logits.dispose();
      expect(memory().numBytes).toBe(before);
      return bytes;
    });
    const { hiddenSize, intermediateSize, heads } = config;
    // q, k, v, context, middle and the two normalized; z and what it is activated to; lse and two deviations.
    const inner = 7 * hiddenSize + 2 * intermediateSize + heads + 2;
    expect((kept[0] ?? NaN) - (kept[1] ?? NaN)).toBe(4 * 4 * inner * batch.ids.length);
    disposeBatch(uploaded);
    model.dispose();
  });
});
