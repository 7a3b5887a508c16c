import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { Pooling } from "../../src/model/config.ts";
import { disposeBatch, uploadBatch } from "../../src/ops/device-batch.ts";
import { useNodeBackend } from "../node-backend.ts";
import { expectGradient, weightedSum } from "../ops/differences.ts";
import { randomValues, toTensor } from "../ops/numbers.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { preNormConfig, randomClassifier, randomConfig, setRandomly } from "./random-model.ts";

beforeAll(async () => {
  await useNodeBackend("cpu");
});

const rates = { hidden: 0.2, attention: 0.2, classifier: 0.2, lowRank: 0.2 };
const key = { seed: 3, step: 1, microBatch: 0 };
const sizes = { initializer_range: 0.5 };
const forms = {
  "post-norm": randomConfig({ ...sizes, vocab_size: 31, hidden_size: 8, num_hidden_layers: 2, intermediate_size: 12 }),
  "pre-norm": preNormConfig({ ...sizes, words: 31, width: 8, blocks: 2, inner_width: 12 }),
};
const lowRank = {
  rank: 2,
  alpha: 4,
  targets: ["query", "value", "attentionOutput", "intermediate", "output"],
  seed: 5,
} as const;
const batch = gatherBatch(learnableRows(4, 1, 6, 31), Int32Array.of(0, 1, 2, 3));
const weights = randomValues([4, 3], 9);

describe("the gradients of whole passes with dropout", () => {
  it.each([
    ["post-norm", "pooler", null],
    ["pre-norm", "pooler", null],
    ["pre-norm", "mean-last-4", null],
    ["post-norm", "pooler", lowRank],
    ["pre-norm", "pooler", lowRank],
  ] as [keyof typeof forms, Pooling, typeof lowRank | null][])(
    "are those that differences give: %s, pooling %s, LoRA %o",
    async (form, pooling, thin) => {
      const model = await randomClassifier(forms[form], { pooling, lowRank: thin });
      setRandomly(model.parameters.filter(({ role }) => role.includes(".lora.")));
      const capacity = { tokens: batch.ids.length, rows: 4 };
      const uploaded = uploadBatch(batch, capacity, model.tables, "training");
      const before = memory().numTensors;
      const { logits, pass } = model.forward(uploaded, rates, key);
      logits.dispose();
      const dLogits = toTensor(weights);
      const gradients = model.backward(dLogits, pass, ({ frozen }) => frozen !== true);
      dLogits.dispose();
      expect(memory().numTensors).toBe(before + gradients.size);
      expect(gradients.size).toBe(model.parameters.filter(({ frozen }) => frozen !== true).length);

      for (const [parameter, gradient] of gradients) {
        const input = { shape: parameter.value.shape, values: await readTensor(parameter.value) };
        const loss = () => {
          parameter.value.dispose();
          parameter.value = toTensor(input);
          return weightedSum(() => {
            const { logits: own, pass: unused } = model.forward(uploaded, rates, key);
            model.discard(unused);
            return own;
          }, weights);
        };
        await expectGradient(await readTensor(gradient), input, loss, parameter.name, 3);
        loss();
      }
      for (const gradient of gradients.values()) gradient.dispose();
      disposeBatch(uploaded);
      model.dispose();
    },
  );
});
