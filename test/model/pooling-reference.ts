import { tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { readTensors } from "../../src/gpu/read-back.ts";
import type { ByteSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor, type Safetensors } from "../../src/io/safetensors.ts";
import { softmax } from "../../src/metrics/softmax.ts";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { readConfig } from "../../src/families/registry.ts";
import { poolings, type Pooling } from "../../src/model/config.ts";
import { disposeBatch, uploadBatch } from "../../src/ops/device-batch.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import reference from "../reference/pooling.json" with { type: "json" };
import batches from "../reference/tiny/batches.json" with { type: "json" };
import config from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import { batchOf } from "../../src/cli/parity/reference-rows.ts";
import { plainLoss } from "../train/plain-loss.ts";
import { classesOf } from "../../src/data/row-labels.ts";

/** The cases of test/reference/make_pooling.py. */
export const poolingCases = reference;
type Case = (typeof reference)[number];

const CAPACITY = { tokens: 512, rows: 8 };

/** Expects PyTorch's logits, gradients and three losses of one pooling on the running backend. */
export async function expectPoolingReference(checkpoint: ByteSource, found: Case): Promise<void> {
  const pooling = poolings.find((one) => one === found.pooling);
  if (!pooling) throw new Error(`There is no pooling ${found.pooling}.`);
  const model = await deepened(await openSafetensors(checkpoint), found.layers, pooling);
  expect(model.parameters.map(({ name }) => name).filter((name) => name.includes("pooler"))).toEqual([]);
  const [first, ...more] = batches.slice(0, found.losses.length).map((own) => batchOf(own));
  if (!first) throw new Error("The reference has no batch.");

  const uploaded = uploadBatch(first, CAPACITY, model.tables, "training");
  const logits = [model.infer(uploaded)];
  const { logits: inTraining, pass } = model.forward(uploaded);
  logits.push(inTraining);
  for (const values of await readTensors(logits)) expectWithin(values, found.logits, 1e-5, "logits");
  for (const held of logits) held.dispose();

  const dLogits = tensor(lossGradient(found.logits, classesOf(first.labels)), [CAPACITY.rows, 3], "float32");
  const gradients = model.backward(dLogits, pass, () => true);
  for (const [name, expected] of Object.entries(found.gradients)) {
    const gradient = [...gradients].find(([parameter]) => parameter.name === name)?.[1];
    if (!gradient) throw new Error(`${name} has no gradient.`);
    const [values] = await readTensors([gradient]);
    expectWithin(values, expected, 1e-5, name);
  }
  for (const held of [dLogits, ...gradients.values()]) held.dispose();
  disposeBatch(uploaded);

  const trainer = new Trainer(model, plainLoss(3), plainSettings(1e-3), CAPACITY);
  const numbers = [];
  for (const batch of [first, ...more]) numbers.push(...(await readSteps([trainer.step([batch])])));
  const losses = Float32Array.from(numbers, (step) => step.loss);
  expectWithin(losses, found.losses, 1e-4, "losses");
  trainer.dispose();
  model.dispose();
}

/** The checkpoint's two layers again and again, as the reference has it. */
async function deepened(file: Safetensors, layers: number, pooling: Pooling): Promise<Classifier> {
  const stored = new Map<string, string>();
  for (let layer = 0; layer < layers; layer++) {
    for (const name of file.tensors.keys()) {
      if (!name.includes(".layer.")) stored.set(name, name);
      else if (name.includes(`.layer.${layer % 2}.`)) stored.set(name.replace(/layer\.\d+/, `layer.${layer}`), name);
    }
  }
  const tensors = new Map(
    [...stored].map(([name, own]) => [name, file.tensors.get(own) ?? { shape: [], dtype: "" }] as const),
  );
  const source = { tensors, read: (name: string) => readTensor(file, stored.get(name) ?? "") };
  const deep = readConfig({ ...config, num_hidden_layers: layers });
  const { parameters } = await loadParameters(deep, source, {
    classes: 3,
    classifierRows: [0, 1, 2],
    seed: 0,
    pooling,
  });
  return new Classifier(deep, parameters, pooling);
}

/** The gradient of the mean cross-entropy over the rows: (softmax − one-hot) / rows. */
function lossGradient(logits: readonly number[], labels: Int32Array): Float32Array {
  const probabilities = softmax(Float32Array.from(logits), 3);
  return probabilities.map((value, i) => (value - (i % 3 === labels[Math.floor(i / 3)] ? 1 : 0)) / labels.length);
}

function expectWithin(
  found: Float32Array | undefined,
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  const off = expected.map((value, i) => Math.abs((found?.[i] ?? NaN) - value));
  expect(off.length, what).toBeGreaterThan(0);
  expect(Math.max(...off), what).toBeLessThan(tolerance);
}
