import { expect } from "vitest";
import { batchOf } from "../../src/cli/parity/reference-rows.ts";
import type { MaskedBatch } from "../../src/tasks/masked-lm/masking.ts";
import { readTensor as readWeight } from "../../src/gpu/read-back.ts";
import { blobSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { readConfig } from "../../src/families/registry.ts";
import { loadLanguageHead } from "../../src/model/language-head.ts";
import { pair } from "../../src/model/names.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import type { Parameter } from "../../src/ops/parameter.ts";
import { addToFisher, type Importance } from "../../src/train/fisher.ts";
import { meanLoss } from "../../src/train/mean-loss.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import reference from "../reference/mlm.json" with { type: "json" };
import rows from "../reference/tiny/batches.json" with { type: "json" };
import config from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import { plainLoss } from "./plain-loss.ts";

const tiny = readConfig(config);
const { languageHead } = tiny.names;
const [MASK, VOCABULARY, HIDDEN] = [4, 997, 64];

/** Scale, frequency, shift and shape of the head's weights, as in make_mlm.py. */
const head = new Map<string, [number, number, number, number[]]>([
  [pair(languageHead.dense).weight, [0.2, 0.37, 0, [HIDDEN, HIDDEN]]],
  [pair(languageHead.dense).bias, [0.05, 0.7, 0, [HIDDEN]]],
  [pair(languageHead.norm).weight, [0.1, 1.1, 1, [HIDDEN]]],
  [pair(languageHead.norm).bias, [0.05, 1.3, 0, [HIDDEN]]],
  // The only name of the bias in some checkpoints.
  ["cls.predictions.decoder.bias", [0.1, 0.9, 0, [VOCABULARY]]],
]);

/** The reference's head as a checkpoint's. */
export const headSource = {
  tensors: new Map([...head].map(([name, [, , , shape]]) => [name, { shape, dtype: "F32" }])),
  read(name: string) {
    const [scale = 0, frequency = 0, shift = 0, shape = []] = head.get(name) ?? [];
    const length = shape.reduce((a, b) => a * b, 1);
    return Promise.resolve(Float32Array.from({ length }, (_, i) => shift + scale * Math.sin(frequency * i + 1)));
  },
};

/** The tiny checkpoint's encoder with the reference's head, on the running backend. */
export async function tinyLanguageModel(weights: Blob): Promise<{ model: LanguageModel; dispose: () => void }> {
  const file = await openSafetensors(blobSource("model.safetensors", weights));
  const source = { tensors: file.tensors, read: (name: string) => readTensor(file, name) };
  const { parameters } = await loadParameters(tiny, source, { classes: 3, classifierRows: [0, 1, 2], seed: 0 });
  const encoder = parameters.filter(({ level }) => level <= tiny.layers);
  const model = new LanguageModel(tiny, encoder, await loadLanguageHead(tiny, headSource, 0));
  const dispose = () => {
    model.disposeHead();
    for (const { value } of parameters) value.dispose();
  };
  return { model, dispose };
}

/** Every seventh token of a row, as `masked` of make_mlm.py. */
function masked(batch: Parameters<typeof batchOf>[0]): MaskedBatch {
  const plain = batchOf(batch);
  const places: number[] = [];
  for (let row = 0; row + 1 < plain.rowStart.length; row++) {
    for (let t = (plain.rowStart[row] ?? 0) + (row % 5); t < (plain.rowStart[row + 1] ?? 0); t += 7) places.push(t);
  }
  const labels = Int32Array.from(places, (place) => plain.ids[place] ?? 0);
  places.forEach((place, k) => {
    if (k % 10 < 8) plain.ids[place] = MASK;
    else if (k % 10 === 8) plain.ids[place] = (k * 37 + 11) % VOCABULARY;
  });
  return { ...plain, labels, places: Int32Array.from(places) };
}

/** Expects the loss of held-out rows to be PyTorch's before its first step, over all masked tokens of two batches. */
export async function expectMaskedLoss(weights: Blob): Promise<void> {
  const { model, dispose } = await tinyLanguageModel(weights);
  const capacity = { tokens: 512, rows: 8, places: 80 };
  const batch = masked(rows[0] ?? []);
  const loss = plainLoss(VOCABULARY)();
  const maskedLoss = (batches: MaskedBatch[], keepsGoing = true) =>
    meanLoss(model, loss, batches, capacity, () => keepsGoing);
  const one = await maskedLoss([batch]);
  expect(one?.mean).toBeCloseTo(reference.losses[0] ?? NaN, 4);
  const other = masked(rows[1] ?? []);
  const second = await maskedLoss([other]);
  const both = await maskedLoss([batch, other]);
  const [m, n] = [batch.places.length, other.places.length];
  expect(both?.labels).toBe(m + n);
  expect(both?.mean).toBeCloseTo((m * (one?.mean ?? NaN) + n * (second?.mean ?? NaN)) / (m + n), 4);
  expect(await maskedLoss([batch, other], false)).toBeNull();
  loss.dispose();
  dispose();
}

/** Trains as make_mlm.py does and expects its losses and weights, from the running backend. */
export async function expectLanguageModelReference(weights: Blob): Promise<void> {
  const { model, dispose } = await tinyLanguageModel(weights);
  const trainer = new Trainer(model, plainLoss(VOCABULARY), plainSettings(1e-3), { tokens: 512, rows: 8, places: 80 });
  const losses: number[] = [];
  for (const batch of rows.slice(0, 8)) {
    losses.push(...(await readSteps([trainer.step([masked(batch)])])).map(({ loss }) => loss));
  }
  losses.forEach((loss, step) => expect(loss, `loss of step ${step}`).toBeCloseTo(reference.losses[step] ?? NaN, 4));
  for (const [weight, [sum = NaN, squares = NaN]] of Object.entries(reference.weights)) {
    const parameter = model.parameters.find(({ name }) => name === weight);
    if (!parameter) throw new Error(`There is no ${weight}.`);
    const values = await readWeight(parameter.value);
    expect(Math.abs(values.reduce((a, b) => a + b, 0) - sum), `sum of ${weight}`).toBeLessThan(2e-3);
    expect(values.reduce((a, b) => a + b * b, 0) / squares, `squares of ${weight}`).toBeCloseTo(1, 4);
  }
  trainer.dispose();
  dispose();
}

/** Expects make_mlm.py's Fisher information on the running backend: sums, sums of squares, and the largest element. */
export async function expectMaskedFisher(weights: Blob): Promise<void> {
  const { model, dispose } = await tinyLanguageModel(weights);
  const samples = (rows[8] ?? []).map((row) => masked([row]));
  const asked = samples.reduce((sum, { places }) => sum + places.length, 0);
  const capacity = { tokens: 64, rows: 1, places: 16 };
  const fisher: Importance = new Map();
  const loss = plainLoss(VOCABULARY)();
  for (const sample of samples) {
    // A whole row of logits for each place, and a label of each.
    const labelsOf = (outputs: Float32Array) => {
      expect(outputs.length).toBe(VOCABULARY * sample.places.length);
      return sample.labels;
    };
    const trains = ({ name }: Parameter) => name.startsWith("bert.");
    await addToFisher(fisher, model, sample, { loss, capacity, share: 1 / asked, trains, labelsOf });
  }
  loss.dispose();
  for (const [name, expected] of Object.entries(reference.fisher)) {
    const [parameter] = [...fisher.keys()].filter((candidate) => candidate.name === name);
    const values = parameter && fisher.get(parameter);
    if (!values) throw new Error(`There is no Fisher information of ${name}.`);
    const read = await readWeight(values);
    const found = [read.reduce((a, b) => a + b, 0), read.reduce((a, b) => a + b * b, 0), Math.max(...read)];
    found.forEach((value, i) => expect(value / (expected[i] ?? NaN), `${name}, number ${i}`).toBeCloseTo(1, 4));
  }
  for (const held of fisher.values()) held.dispose();
  dispose();
}

/** Expects a step cut into micro-batches to give the losses and weights of the whole one. */
export async function expectSameInMicroBatches(weights: Blob): Promise<void> {
  const results: number[][] = [];
  for (const cut of [1, 2]) {
    const { model, dispose } = await tinyLanguageModel(weights);
    const trainer = new Trainer(model, plainLoss(VOCABULARY), plainSettings(1e-3), {
      tokens: 512,
      rows: 8,
      places: 80,
    });
    const step = rows.slice(0, 2).map((batch) => masked(batch.slice(0, 4)));
    const whole = masked([...rows.slice(0, 2).flatMap((batch) => batch.slice(0, 4))]);
    const parts = cut === 1 ? [joined(step, whole)] : step;
    const [numbers] = await readSteps([trainer.step(parts)]);
    results.push([numbers?.loss ?? NaN, numbers?.gradientNorm ?? NaN]);
    trainer.dispose();
    dispose();
  }
  const [whole = [], parts = []] = results;
  parts.forEach((value, i) => expect(value).toBeCloseTo(whole[i] ?? NaN, 4));
}

/** The batches laid end to end as one. `like` has the same rows, whatever its masks. */
function joined(batches: readonly MaskedBatch[], like: MaskedBatch): MaskedBatch {
  let at = 0;
  const places = batches.flatMap(({ places: own, ids }) => {
    const start = at;
    at += ids.length;
    return [...own].map((place) => place + start);
  });
  return {
    ...like,
    ids: Int32Array.from(batches.flatMap(({ ids }) => [...ids])),
    labels: Int32Array.from(batches.flatMap(({ labels }) => [...labels])),
    places: Int32Array.from(places),
  };
}
