import { beforeAll, describe, expect, it } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/meters/counting-device.ts";
import { gatherBatch, type Batch } from "../../src/data/batches.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { ModelConfig } from "../../src/model/config.ts";
import type { Parameter } from "../../src/ops/parameter.ts";
import { Consolidation } from "../../src/train/consolidation.ts";
import { addToFisher, type Importance } from "../../src/train/fisher.ts";
import { MovingAverage } from "../../src/train/moving-average.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings, type TrainerSettings } from "../../src/train/settings.ts";
import { restoreSnapshot, takeSnapshot } from "../../src/train/snapshot.ts";
import type { Trainable } from "../../src/train/trainable.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { randomClassifier, randomConfig, randomLanguageModel } from "../model/random-model.ts";
import { backendOptions } from "../ops/backends.ts";
import { expectSameBits } from "../ops/numbers.ts";
import { learnableRows } from "./learnable-rows.ts";
import { plainLoss } from "./plain-loss.ts";

/** A table of words of 256 kB; everything else that is bound takes less than a quarter of that. */
const config = randomConfig({ vocab_size: 2000, num_hidden_layers: 1 });
const LIMIT = 2 ** 16;
const [STEPS, ROWS] = [3, 2];
const capacity = { tokens: 64, rows: ROWS, places: 8 };
const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
const rows = learnableRows(16, 1, 24);
/** Words of every part. */
const data = { ...rows, ids: rows.ids.map((id) => 2 * id) };

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

const batchFrom = (first: number, count = ROWS) =>
  gatherBatch(
    data,
    Int32Array.from({ length: count }, (_, i) => first + i),
  );

/** Every sixth token is asked for. */
function maskedFrom(first: number): Batch {
  const batch = batchFrom(first);
  const places = Int32Array.from({ length: Math.floor(batch.ids.length / 6) }, (_, i) => 6 * i);
  const labels = places.map((place) => batch.ids[place] ?? 0);
  places.forEach((place) => (batch.ids[place] = 4));
  return { ...batch, labels, places };
}

/** Trains for some steps of two micro-batches; what is left of it, in numbers. */
async function trained<Pass>(
  model: Trainable<Pass>,
  settings: Partial<TrainerSettings>,
  batchOf: (first: number) => Batch,
  {
    prepare = () => Promise.resolve(),
    stepTokens,
  }: { prepare?: (trainer: Trainer<Pass>) => Promise<void>; stepTokens?: number } = {},
) {
  const classes = batchOf === maskedFrom ? config.vocabularySize : 3;
  const trainer = new Trainer(
    model,
    plainLoss(classes),
    { ...plainSettings(1e-2), weightDecay: 0.1, rates, ...settings },
    { ...capacity, stepTokens },
  );
  await prepare(trainer);
  const moving = new MovingAverage(trainer.trainable, 0.8);
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const pending = trainer.step([batchOf(2 * ROWS * step), batchOf(2 * ROWS * step + ROWS)]);
    moving.update();
    for (const { loss, gradientNorm } of await readSteps([pending])) losses.push(loss, gradientNorm);
  }
  const last = await takeSnapshot(trainer.trainable);
  moving.settle();
  const averages = await takeSnapshot(trainer.trainable);
  restoreSnapshot(last);
  const [word] = model.parameters;
  if (!word) throw new Error("A model has weights.");
  const named = (kind: string, weights: Map<Parameter, Float32Array>) =>
    [...weights].map(([{ name }, values]) => [`${kind} of ${name}`, values] as const);
  const restored = await readTensor(word.value);
  moving.dispose();
  trainer.dispose();
  return Object.fromEntries([
    ["losses", Float32Array.from(losses)],
    ["restored", restored],
    ...named("weights", last),
    ...named("average", averages),
  ] as const);
}

/** Importance by the labels of the rows, of all but the classifier. */
async function consolidate<Pass>(model: Trainable<Pass>, trainer: Trainer<Pass>): Promise<void> {
  const fisher: Importance = new Map();
  const loss = plainLoss(3)();
  for (const row of [0, 1]) {
    const options = { loss, capacity, share: 0.5, trains: () => true, labelsOf: () => Int32Array.of(row) };
    await addToFisher(fisher, model, batchFrom(row, 1), options);
  }
  loss.dispose();
  trainer.consolidation = new Consolidation(fisher, 5);
}

type Run = (config: ModelConfig) => Promise<Record<string, Float32Array>>;

/** The runs, and how many dispatches of a step go over the table at least. */
const runs: [string, number, Run][] = [
  [
    "fine-tuning, clipped by the norm",
    3,
    async (sizes) => {
      return trained(await randomClassifier(sizes), { maxGradientNorm: 0.1 }, batchFrom);
    },
  ],
  [
    "with the rows of each step as the table's gradient",
    2,
    async (sizes) => {
      return trained(await randomClassifier(sizes), { maxGradientNorm: 0.1 }, batchFrom, { stepTokens: 128 });
    },
  ],
  [
    "consolidation, L2-SP, R-Drop and clipping by value",
    3,
    async (sizes) => {
      const model = await randomClassifier(sizes);
      const settings = { l2sp: 0.5, clipping: "value", maxGradientValue: 1e-3, rDrop: 1 } as const;
      return trained(model, settings, batchFrom, {
        prepare: (trainer) => consolidate(model, trainer),
      });
    },
  ],
  [
    "continued pretraining",
    3,
    async (sizes) => {
      return trained(await randomLanguageModel(sizes), { maxGradientNorm: 0.1 }, maskedFrom);
    },
  ],
];

describe("training with a table that is bound in parts", () => {
  it.each(runs)("has the same bits as with the whole: %s", async (_, overTable, run) => {
    const results: { numbers: Record<string, Float32Array>; dispatches: number }[] = [];
    for (const limit of [Infinity, LIMIT]) {
      runningGpu().limitBindings(limit);
      counter.reset();
      const numbers = await run(config);
      results.push({ numbers, dispatches: counter.snapshot().dispatches });
    }
    const [whole, parts] = results;
    if (!whole || !parts) throw new Error("There are two runs.");
    // A step gathers, scatters and updates the table, each in four parts.
    expect(parts.dispatches).toBeGreaterThanOrEqual(whole.dispatches + STEPS * overTable * 3);
    expectSameBits(parts.numbers, whole.numbers);
    expect(new Set(whole.numbers.losses).size).toBe(2 * STEPS);
  });
});
