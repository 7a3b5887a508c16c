import { beforeAll, describe, expect, it } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/meters/counting-device.ts";
import { gatherBatch, type Batch } from "../../src/data/batches.ts";
import { maskedBatch } from "../../src/tasks/masked-lm/masking.ts";
import { createRandom } from "../../src/data/random.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningDevice } from "../../src/gpu/running.ts";
import { lowRankTargets } from "../../src/model/low-rank.ts";
import type { Parameter } from "../../src/ops/parameter.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { randomClassifier, randomConfig, randomLanguageModel } from "../model/random-model.ts";
import { backendOptions } from "../ops/backends.ts";
import { fetchedModel } from "./fetched-model.ts";
import { learnableRows, linearSettings } from "./learnable-rows.ts";
import { plainLoss } from "./plain-loss.ts";

const VOCABULARY = 997;
const vocabulary = {
  maskId: 4,
  special: Uint8Array.from({ length: VOCABULARY }, (_, id) => (id < 5 ? 1 : 0)),
  continuation: new Uint8Array(VOCABULARY),
};

let counter: DeviceCounter;

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    wrapDevice(device) {
      counter = countDevice(device);
      return device;
    },
  });
});

/** A step that keeps a byte shows in the eleventh: the plain run alone makes 500, all of them in `npm run test:long`. */
const [STEPS, FEWER_STEPS] = [500, import.meta.env.TABTUNE_LONG ? 500 : 150];
const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };

/** Bytes held after each step, by tfjs's count and by the device's, and how many lengths the batches had. */
async function heldBy<Pass>(
  trainer: Trainer<Pass>,
  batchOf: (rows: Int32Array, step: number) => Batch,
  steps = FEWER_STEPS,
) {
  const random = createRandom(3);
  const [held, onDevice]: [number[], number[]] = [[], []];
  const lengths = new Set<number>();
  for (let step = 0; step < steps; step++) {
    const rows = Int32Array.from({ length: 1 + Math.floor(3 * random()) }, () => Math.floor(64 * random()));
    const batch = batchOf(rows, step);
    lengths.add(batch.ids.length);
    const [numbers] = await readSteps([trainer.step([batch])]);
    expect(numbers?.finite).toBe(true);
    held.push(runningDevice().bytesHeld);
    onDevice.push(counter.snapshot().bytes);
  }
  expect(lengths.size).toBeGreaterThan(30);
  return { held, onDevice };
}

function expectSteady({ held, onDevice }: { held: number[]; onDevice: number[] }, least: number) {
  expect(held[9]).toBeGreaterThan(least);
  expect(Math.max(...held.slice(10))).toBe(held[9]);
  expect(Math.max(...onDevice.slice(10))).toBe(onDevice[9]);
}

const bytesOf = (parameters: Iterable<Parameter>) =>
  4 * [...parameters].reduce((sum, { value }) => sum + value.size, 0);

describe("memory on webgpu", () => {
  it("does not grow by a byte in 500 steps of varying length, counted on the device (minutes)", async () => {
    const data = learnableRows(64, 1, 24);
    const model = await fetchedModel();
    const trainer = new Trainer(model, plainLoss(3), { ...linearSettings, rates }, { tokens: 3 * 24, rows: 3 });
    const held = await heldBy(trainer, (rows) => gatherBatch(data, rows), STEPS);
    expectSteady(held, 3 * bytesOf(model.parameters));
    trainer.dispose();
    model.dispose();
  }, 600_000);

  it("nor with LoRA beside the matrices (minutes)", async () => {
    const data = learnableRows(64, 1, 24);
    const lowRank = { rank: 2, alpha: 4, targets: [...lowRankTargets], seed: 1 };
    const model = await randomClassifier(randomConfig({ num_hidden_layers: 1 }), { lowRank });
    const settings = { ...linearSettings, rates: { ...rates, lowRank: 0.1 } };
    const trainer = new Trainer(model, plainLoss(3), settings, { tokens: 3 * 24, rows: 3 });
    expect(trainer.trainable.size).toBeLessThan(model.parameters.length);
    const steady = bytesOf(model.parameters) + 2 * bytesOf(trainer.trainable);
    expectSteady(await heldBy(trainer, (rows) => gatherBatch(data, rows)), steady);
    trainer.dispose();
    model.dispose();
  }, 600_000);

  it("nor in the pretraining of a masked language model, as many words as may be hidden (minutes)", async () => {
    const data = learnableRows(64, 1, 24);
    const model = await randomLanguageModel(randomConfig({ num_hidden_layers: 1 }));
    const settings = { ...plainSettings(1e-3), rates };
    const trainer = new Trainer(model, plainLoss(VOCABULARY), settings, { tokens: 3 * 24, rows: 3, places: 3 * 4 });
    const masking = { share: 0.15, wholeWords: false, seed: 1 };
    const masked = (rows: Int32Array, step: number) => maskedBatch(data, rows, vocabulary, masking, step);
    expectSteady(await heldBy(trainer, masked), 3 * bytesOf(model.parameters));
    trainer.dispose();
    for (const { value } of model.parameters) value.dispose();
  }, 600_000);
});
