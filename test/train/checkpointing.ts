import { expect } from "vitest";
import { gatherBatch, type Batch } from "../../src/data/batches.ts";
import { maskedBatch } from "../../src/tasks/masked-lm/masking.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { LowRankOptions } from "../../src/model/low-rank.ts";
import type { Pooling } from "../../src/model/config.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings, type TrainerSettings } from "../../src/train/settings.ts";
import type { Trainable } from "../../src/train/trainable.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { preNormConfig, randomClassifier, randomConfig, randomLanguageModel } from "../model/random-model.ts";
import { learnableRows, linearSettings } from "./learnable-rows.ts";
import { plainLoss } from "./plain-loss.ts";

/** A way to train in which checkpointing must change nothing. */
interface Variant {
  form?: "post-norm" | "pre-norm";
  settings?: Partial<TrainerSettings>;
  pooling?: Pooling;
  lowRank?: LowRankOptions;
  /** Trains a language model. */
  masked?: true;
}

export const variants = {
  "all weights": {},
  LoRA: { lowRank: { rank: 2, alpha: 4, targets: ["query", "value", "intermediate", "output"], seed: 5 } },
  "frozen layers": { settings: { frozen: ["embeddings.", "encoder.layer.0.", "encoder.layer.1."] } },
  "R-Drop and the mean of the last layers": { settings: { rDrop: 1 }, pooling: "mean-last-4" },
  "a language model": { masked: true },
  "pre-norm layers": { form: "pre-norm" },
  "pre-norm layers with LoRA": {
    form: "pre-norm",
    lowRank: { rank: 2, alpha: 4, targets: ["query", "intermediate", "output"], seed: 5 },
  },
  "the mean of the last pre-norm layers": { form: "pre-norm", pooling: "mean-last-4" },
  "a pre-norm language model": { form: "pre-norm", masked: true },
} satisfies Record<string, Variant>;

const configs = { "post-norm": randomConfig({ num_hidden_layers: 5 }), "pre-norm": preNormConfig({ blocks: 5 }) };
const vocabulary = {
  maskId: 4,
  special: Uint8Array.from({ length: 997 }, (_, id) => (id < 5 ? 1 : 0)),
  continuation: new Uint8Array(997),
};
const data = learnableRows(24, 1);
const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
const masking = { share: 0.3, wholeWords: false, seed: 3 };
const rates = { hidden: 0.2, attention: 0.2, classifier: 0.2, lowRank: 0.2 };

/** Losses, norms and weights of three steps of two micro-batches, in order. */
async function trained({ form = "post-norm", settings, masked, ...options }: Variant, checkpointing: boolean) {
  const config = configs[form];
  const model: Trainable<unknown> = masked
    ? await randomLanguageModel(config)
    : await randomClassifier(config, options);
  model.checkpointing = checkpointing;
  const base = masked ? plainSettings(1e-3) : linearSettings;
  const trainer = new Trainer(
    model,
    plainLoss(masked ? config.vocabularySize : 3),
    { ...base, rates, ...settings },
    { tokens: 320, rows: 24, places: 160 },
  );
  const batchOf = (some: Int32Array): Batch =>
    masked ? maskedBatch(data, some, vocabulary, masking, 0) : gatherBatch(data, some);
  const numbers: number[] = [];
  for (let step = 0; step < 3; step++) {
    const [read] = await readSteps([trainer.step([batchOf(rows(0, 9)), batchOf(rows(9, 24))])]);
    numbers.push(read?.loss ?? NaN, read?.gradientNorm ?? NaN);
  }
  const weights = new Map<string, Float32Array>();
  for (const { name, value } of model.parameters) weights.set(name, await readTensor(value));
  trainer.dispose();
  for (const { value } of model.parameters) value.dispose();
  return { numbers, weights };
}

/** Expects the running backend to compute the same bits with checkpointing as without. */
export async function expectSameBits(variant: keyof typeof variants): Promise<void> {
  const [plain, checkpointed] = [await trained(variants[variant], false), await trained(variants[variant], true)];
  expect(plain.numbers.every(Number.isFinite)).toBe(true);
  expect(new Set(plain.numbers).size, "every step has other numbers").toBe(plain.numbers.length);
  expect(checkpointed.numbers).toEqual(plain.numbers);
  expect(checkpointed.weights).toEqual(plain.weights);
}
