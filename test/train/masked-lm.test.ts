import { memory } from "@tensorflow/tfjs-core";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { useNodeBackend } from "../node-backend.ts";
import {
  expectMaskedFisher,
  expectLanguageModelReference,
  expectMaskedLoss,
  expectSameInMicroBatches,
} from "./masked-lm.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const weights = new Blob([readFileSync(new URL("../reference/tiny/checkpoint/model.safetensors", import.meta.url))]);

describe("masked language modelling on wasm", () => {
  it("has PyTorch's losses and weights, and leaves nothing behind", async () => {
    const { numTensors } = memory();
    await expectLanguageModelReference(weights);
    expect(memory().numTensors).toBe(numTensors);
  });

  it("scores held-out rows by the mean over their masked tokens", async () => {
    await expectMaskedLoss(weights);
  });

  it("has PyTorch's Fisher information of the masked tokens", async () => {
    await expectMaskedFisher(weights);
  });

  it("does not depend on how a step is cut into micro-batches", async () => {
    await expectSameInMicroBatches(weights);
  });
});
