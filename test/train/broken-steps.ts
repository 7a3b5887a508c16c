import { tensor1d } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { Classifier } from "../../src/model/classifier.ts";
import { accumulate } from "../../src/ops/accumulate/accumulate.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { learnableRows, linearSettings } from "./learnable-rows.ts";
import { plainLoss } from "./plain-loss.ts";

const data = learnableRows(24, 1);
const batch = gatherBatch(
  data,
  Int32Array.from({ length: 24 }, (_, i) => i),
);

async function weightsOf(model: Classifier): Promise<Map<string, Float32Array>> {
  const weights = new Map<string, Float32Array>();
  for (const { name, value } of model.parameters) weights.set(name, await readTensor(value));
  return weights;
}

/** Adds `value` to one gradient of the passes in which `breaks` is true. */
function breakGradients(model: Classifier, value: number, breaks: () => boolean): void {
  const backward = model.backward.bind(model);
  model.backward = (...args) => {
    const gradients = backward(...args);
    const bias = [...gradients].find(([{ name }]) => name === "classifier.bias")?.[1];
    if (bias && breaks()) accumulate(bias, tensor1d(new Float32Array(bias.size).fill(value)));
    return gradients;
  };
}

/**
 * Six steps whose numbers are read at the end, as in a bunch; the gradients of the third hold `value`. The weights must
 * be those of two steps, though the three steps behind it are sound by themselves.
 */
export async function expectNothingAfterBroken(makeModel: () => Promise<Classifier>, value: number): Promise<void> {
  const settings = { ...linearSettings, steps: 6 };
  const two = await makeModel();
  const shorter = new Trainer(two, plainLoss(3), settings, { tokens: 512, rows: 24 });
  for (let step = 0; step < 2; step++) await readSteps([shorter.step([batch])]);
  const expected = await weightsOf(two);

  const model = await makeModel();
  let step = 0;
  breakGradients(model, value, () => step === 2);
  const trainer = new Trainer(model, plainLoss(3), settings, { tokens: 512, rows: 24 });
  const pending = [];
  for (; step < 6; step++) pending.push(trainer.step([batch]));
  const numbers = await readSteps(pending);
  expect(numbers.map(({ finite }) => finite)).toEqual([true, true, false, false, false, false]);
  for (const [name, values] of await weightsOf(model))
    expect([...values], name).toEqual([...(expected.get(name) ?? [])]);
  for (const held of [shorter, trainer, two, model]) held.dispose();
}
