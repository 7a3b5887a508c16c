import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { miniLm, randomRows } from "../../bench/inputs/model-shape.ts";
import { batchOf } from "../../bench/peers/ours.ts";
import { savedActivationBytes, trainedBytes } from "../../bench/sections/step/saved-activations.ts";
import { uploadBatch } from "../../src/ops/device-batch.ts";
import { randomClassifier, randomConfig } from "../model/random-model.ts";
import { useNodeBackend } from "../node-backend.ts";

const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };

beforeAll(() => useNodeBackend("cpu"));

describe("the bytes that a forward pass saves", () => {
  it.each([false, true])("are those that it leaves behind, checkpointing %s", async (checkpointing) => {
    const config = randomConfig({ num_hidden_layers: 3, hidden_size: 32, intermediate_size: 64 });
    const shape = { ...miniLm, layers: 3, hidden: 32, heads: config.heads, intermediate: 64, vocabulary: 997 };
    const lengths = [5, 2, 9];
    const tokens = 16;
    const model = await randomClassifier(config);
    model.checkpointing = checkpointing;
    const batch = uploadBatch(batchOf(randomRows(lengths, shape, 1)), { tokens, rows: 3 }, model.tables, "training");
    const before = memory().numBytes;
    const { logits, pass } = model.forward(batch, rates, { seed: 1, step: 0, microBatch: 0 });
    logits.dispose();
    // The last layer's output is there until the backward pass begins, which does not need it.
    pass.encoder?.last.dispose();
    const left = memory().numBytes - before;
    expect(savedActivationBytes(shape, lengths.length, tokens, checkpointing)).toBe(left);
  });

  it("are a fraction with checkpointing at MiniLM's shape", () => {
    // For each of 2,048 tokens a layer saves 5,774 numbers besides 384 of its input, the embeddings 385, the head 3 · 384 a row.
    const [kept, checkpointed] = [1, 1].map((_, i) => savedActivationBytes(miniLm, 16, 2048, i === 1));
    const perToken = (layers: number) => 385 + 6 * 384 + layers * (5 * 384 + 12 + 2 * 1536 + 2 * 385);
    expect(kept).toBe(4 * (2048 * perToken(6) + 16 * 3 * 384));
    expect(checkpointed).toBe(4 * (2048 * perToken(1) + 16 * 3 * 384));
  });

  it("come on top of sixteen for each parameter", () => {
    expect(trainedBytes(22_713_986)).toBe(363_423_776);
  });
});
