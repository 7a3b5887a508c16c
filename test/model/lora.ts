import { tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { Batch } from "../../src/data/batches.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { readTensor as readStored, type Safetensors } from "../../src/io/safetensors.ts";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { readConfig } from "../../src/families/registry.ts";
import { createLowRank, lowRankTargets } from "../../src/model/low-rank.ts";
import { disposeBatch, uploadBatch } from "../../src/ops/device-batch.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import reference from "../reference/lora.json" with { type: "json" };
import rows from "../reference/tiny/batches.json" with { type: "json" };
import config from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import { plainLoss } from "../train/plain-loss.ts";

const { settings } = reference;
const capacity = { tokens: 8 * 48, rows: 8 };
const batches = rows.map((some): Batch => {
  const rowStart = new Int32Array(some.length + 1);
  some.forEach(({ input_ids }, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + input_ids.length));
  return {
    ids: Int32Array.from(some.flatMap(({ input_ids }) => input_ids)),
    positions: Int32Array.from(some.flatMap(({ input_ids }) => input_ids.map((_, position) => position))),
    types: Int32Array.from(some.flatMap(({ token_type_ids }) => token_type_ids)),
    rowStart,
    labels: Int32Array.from(some, ({ label }) => label),
  };
});

/** Names of the variants in lora.json. */
export const variants = Object.keys(reference.variants) as (keyof typeof reference.variants)[];

/** The tiny checkpoint with LoRA whose matrices A start as make_lora.py starts them. */
async function modelOf(checkpoint: Safetensors, variant: (typeof variants)[number]): Promise<Classifier> {
  const { rank, alpha, targets } = reference.variants[variant];
  const source = { tensors: checkpoint.tensors, read: (name: string) => readStored(checkpoint, name) };
  const bert = readConfig(config);
  const { parameters } = await loadParameters(bert, source, { classes: 3, classifierRows: [0, 1, 2], seed: 0 });
  const own = lowRankTargets.filter((target) => targets.includes(target));
  const lowRank = createLowRank(bert, { rank, alpha, targets: own, seed: 0 });
  for (const { a } of lowRank.layers.flatMap((layer) => Object.values(layer))) {
    const values = Float32Array.from({ length: a.value.size }, (_, i) => 0.02 * Math.sin(1 + i));
    const previous = a.value;
    a.value = tensor(values, previous.shape as [number, number]);
    previous.dispose();
  }
  return new Classifier(bert, parameters, "pooler", lowRank);
}

/** Expects of the running backend what `peft` did from the same start: losses, norms, weights and logits. */
export async function expectPeftReference(checkpoint: Safetensors, variant: (typeof variants)[number]): Promise<void> {
  const { steps, after, matrices, logits: expectedLogits } = reference.variants[variant];
  const model = await modelOf(checkpoint, variant);
  const { lr, weight_decay: weightDecay, max_grad_norm: maxGradientNorm } = settings;
  const trainer = new Trainer(model, plainLoss(3), { ...plainSettings(lr), weightDecay, maxGradientNorm }, capacity);
  const shapes = [...trainer.trainable].map(({ name, value }) => [name, value.shape] as const);
  expect(new Map(shapes)).toEqual(new Map(after.map(({ name, shape }) => [name, shape])));

  expect(steps).toHaveLength(settings.steps);
  for (const [step, { loss, grad_norm }] of steps.entries()) {
    const [numbers] = await readSteps([trainer.step(batches.slice(step, step + 1))]);
    expect(Math.abs((numbers?.loss ?? NaN) - loss), `loss of step ${step}`).toBeLessThan(1e-4);
    expect(Math.abs((numbers?.gradientNorm ?? NaN) / grad_norm - 1), `norm of step ${step}`).toBeLessThan(1e-3);
  }
  const values = new Map<string, Float32Array>();
  for (const { name, value } of trainer.trainable) values.set(name, await readTensor(value));
  for (const { name, norm } of after) {
    const own = Math.hypot(...(values.get(name) ?? []));
    expect(Math.abs(own / norm - 1), `norm of ${name}`).toBeLessThan(1e-3);
  }
  for (const [name, expected] of Object.entries(matrices)) expectWithin(values.get(name), expected, 1e-4, name);
  expect(Object.keys(matrices)).toHaveLength(2);

  const [first] = batches;
  if (!first) throw new Error("There is no batch.");
  const batch = uploadBatch(first, capacity, model.tables, "inference");
  const logits = model.infer(batch);
  expectWithin((await readTensor(logits)).subarray(0, expectedLogits.length), expectedLogits, 1e-3, "logits");
  logits.dispose();
  disposeBatch(batch);
  trainer.dispose();
  model.dispose();
}

function expectWithin(found: Float32Array | undefined, expected: readonly number[], most: number, what: string): void {
  const off = expected.map((value, i) => Math.abs((found?.[i] ?? NaN) - value));
  expect(off.length, what).toBeGreaterThan(0);
  expect(Math.max(...off), what).toBeLessThan(most);
}
