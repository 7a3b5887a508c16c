import { expect } from "vitest";
import { gatherBatch, type Batch } from "../../src/data/batches.ts";
import { readTensor as readWeight } from "../../src/gpu/read-back.ts";
import { blobSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { batchOf } from "../../src/cli/parity/reference-rows.ts";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { readConfig } from "../../src/families/registry.ts";
import { loadEarlierClassifier } from "../../src/model/earlier-classifier.ts";
import { Consolidation } from "../../src/train/consolidation.ts";
import { addToFisher, type Importance } from "../../src/train/fisher.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import reference from "../reference/ewc.json" with { type: "json" };
import rows from "../reference/tiny/batches.json" with { type: "json" };
import config from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import { plainLoss } from "./plain-loss.ts";

const capacity = { tokens: 512, rows: 8 };
const batches = rows.map((own) => batchOf(own));
const newBatches = batches.slice(0, 8);

/** The reference's tiny checkpoint on the running backend, with its classifier as the earlier and as the new one. */
async function twoTasks(weights: Blob): Promise<Classifier> {
  const file = await openSafetensors(blobSource("model.safetensors", weights));
  const source = { tensors: file.tensors, read: (name: string) => readTensor(file, name) };
  const parsed = readConfig(config);
  const { parameters } = await loadParameters(parsed, source, { classes: 3, classifierRows: [0, 1, 2], seed: 0 });
  return new Classifier(parsed, [...parameters, ...(await loadEarlierClassifier(parsed, source, 3))]);
}

/** The Fisher information of the reference: rows of the 9th batch with the labels given there. */
async function referenceFisher(model: Classifier): Promise<Importance> {
  const batch = batches[8];
  if (!batch) throw new Error("The reference has too few batches.");
  const data = { ...batch, fullLengths: new Int32Array(0), task: "earlier" as const };
  const count = batch.labels.length;
  const fisher: Importance = new Map();
  const loss = plainLoss(3)();
  for (let row = 0; row < count; row++) {
    const labelsOf = () => batch.labels.slice(row, row + 1);
    const options = { loss, capacity, share: 1 / count, trains: () => true, labelsOf };
    await addToFisher(fisher, model, gatherBatch(data, Int32Array.of(row)), options);
  }
  loss.dispose();
  return fisher;
}

/** Expects make_ewc.py's Fisher information on the running backend: sums, sums of squares, and the largest element. */
export async function expectFisher(weights: Blob): Promise<void> {
  const model = await twoTasks(weights);
  const fisher = await referenceFisher(model);
  // All shared weights and neither classifier.
  expect(fisher.size).toBe(model.parameters.length - 4);
  for (const [name, expected] of Object.entries(reference.fisher)) {
    const [parameter] = [...fisher.keys()].filter((candidate) => candidate.name === name);
    const values = parameter && fisher.get(parameter);
    if (!values) throw new Error(`There is no Fisher information of ${name}.`);
    const read = await readWeight(values);
    const found = [read.reduce((a, b) => a + b, 0), read.reduce((a, b) => a + b * b, 0), Math.max(...read)];
    found.forEach((value, i) => expect(value / (expected[i] ?? NaN), `${name}, number ${i}`).toBeCloseTo(1, 4));
  }
  for (const held of fisher.values()) held.dispose();
  model.dispose();
}

export const runNames = ["plain", "ewc", "rehearsal"] as const;

/** Trains as make_ewc.py does and expects its losses and weights on the running backend. */
export async function expectRun(name: (typeof runNames)[number], weights: Blob): Promise<void> {
  const model = await twoTasks(weights);
  const rehearses = name === "rehearsal";
  const trainer = new Trainer(model, plainLoss(3), { ...plainSettings(1e-3), rehearses }, capacity);
  if (name === "ewc") trainer.consolidation = new Consolidation(await referenceFisher(model), reference.strength);
  const start = new Map<string, Float32Array>();
  for (const parameter of model.parameters) start.set(parameter.name, await readWeight(parameter.value));
  const losses: number[] = [];
  for (const [step, batch] of newBatches.entries()) {
    const again = rehearses ? [rehearsed(step)] : [];
    losses.push(...(await readSteps([trainer.step([batch, ...again])])).map(({ loss }) => loss));
  }
  const expected = reference[name];
  losses.forEach((loss, step) => expect(loss, `loss of step ${step}`).toBeCloseTo(expected.losses[step] ?? NaN, 4));
  const distances = new Map(Object.entries(expected.distance));
  for (const [weight, [sum = NaN, squares = NaN]] of Object.entries(expected.weights)) {
    const parameter = model.parameters.find((candidate) => candidate.name === weight);
    if (!parameter) throw new Error(`There is no ${weight}.`);
    const values = await readWeight(parameter.value);
    expect(Math.abs(values.reduce((a, b) => a + b, 0) - sum), `sum of ${weight}`).toBeLessThan(2e-3);
    expect(values.reduce((a, b) => a + b * b, 0) / squares, `squares of ${weight}`).toBeCloseTo(1, 4);
    const distance = distances.get(weight);
    if (distance === undefined) continue;
    const moved = Math.hypot(...values.map((value, i) => value - (start.get(weight)?.[i] ?? NaN)));
    expect(moved / distance, `distance of ${weight}`).toBeCloseTo(1, 3);
  }
  trainer.dispose();
  model.dispose();
}

/** How far the elements of a layer move on average that have the most and the least Fisher information, a tenth each. */
export async function movesByImportance(strength: number, weights: Blob): Promise<{ most: number; least: number }> {
  const model = await twoTasks(weights);
  const parameter = model.parameters.find(({ name }) => name === "bert.encoder.layer.1.output.dense.weight");
  const fisher = await referenceFisher(model);
  const importance = parameter && fisher.get(parameter);
  if (!importance) throw new Error("There is no Fisher information of the layer.");
  const [needed, start] = [await readWeight(importance), await readWeight(parameter.value)];
  const trainer = new Trainer(model, plainLoss(3), plainSettings(1e-3), capacity);
  trainer.consolidation = new Consolidation(fisher, strength);
  for (const batch of newBatches) await readSteps([trainer.step([batch])]);
  const end = await readWeight(parameter.value);
  trainer.dispose();
  model.dispose();
  const order = [...needed.keys()].sort((a, b) => (needed[a] ?? 0) - (needed[b] ?? 0));
  const tenth = Math.floor(order.length / 10);
  const mean = (some: number[]) =>
    some.reduce((sum, i) => sum + Math.abs((end[i] ?? NaN) - (start[i] ?? NaN)), 0) / some.length;
  return { most: mean(order.slice(-tenth)), least: mean(order.slice(0, tenth)) };
}

/** The first rows of the 10th to 13th batch in turn, as rows of the earlier task. */
function rehearsed(step: number): Batch {
  const batch = batches[9 + (step % 4)];
  if (!batch) throw new Error("The reference has too few batches.");
  const data = { ...batch, fullLengths: new Int32Array(0), task: "earlier" as const };
  return gatherBatch(
    data,
    Int32Array.from({ length: reference.rehearsed }, (_, row) => row),
  );
}
