import { expect } from "vitest";
import { readTensor as readWeight } from "../../src/gpu/read-back.ts";
import { blobSource, type ByteSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { batchOf } from "../../src/cli/parity/reference-rows.ts";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { readConfig } from "../../src/families/registry.ts";
import { CheckpointAverage } from "../../src/train/checkpoint-average.ts";
import { MovingAverage } from "../../src/train/moving-average.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings, type TrainerSettings } from "../../src/train/settings.ts";
import { restoreSnapshot, takeSnapshot } from "../../src/train/snapshot.ts";
import { Trainer } from "../../src/train/trainer.ts";
import reference from "../reference/methods.json" with { type: "json" };
import rows from "../reference/tiny/batches.json" with { type: "json" };
import config from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import { plainLoss } from "./plain-loss.ts";

type Method = Exclude<keyof typeof reference, "r_drop">;

/** Each method as the trainer takes it, and what is done with the weights of its steps. */
const methods: Record<Method, { settings?: Partial<TrainerSettings>; ema?: number; average?: number }> = {
  plain: {},
  l2sp: { settings: { l2sp: 0.5 } },
  ema: { ema: 0.8 },
  clip_value: { settings: { clipping: "value", maxGradientValue: 1e-4 } },
  no_bias_correction: { settings: { biasCorrection: false } },
  average: { average: 3 },
};
export const methodNames = Object.keys(methods) as Method[];

/** The reference's tiny checkpoint on the running backend. */
async function model(weights: Blob): Promise<Classifier> {
  const source: ByteSource = blobSource("model.safetensors", weights);
  const file = await openSafetensors(source);
  const read = (name: string) => readTensor(file, name);
  const options = { classes: 3, classifierRows: [0, 1, 2], seed: 0 };
  const { parameters } = await loadParameters(readConfig(config), { tensors: file.tensors, read }, options);
  return new Classifier(readConfig(config), parameters);
}

/** Trains as make_methods.py does and expects its losses and weights, from the running backend. */
export async function expectMethod(name: Method, weights: Blob): Promise<void> {
  const { settings, ema, average } = methods[name];
  const classifier = await model(weights);
  const trainer = new Trainer(
    classifier,
    plainLoss(3),
    { ...plainSettings(1e-3), ...settings },
    { tokens: 512, rows: 8 },
  );
  const moving = ema === undefined ? null : new MovingAverage(trainer.trainable, ema);
  const checkpoints = average === undefined ? null : new CheckpointAverage("last", average);
  const losses: number[] = [];
  for (const batch of rows.slice(0, 8).map((own) => batchOf(own))) {
    const pending = trainer.step([batch]);
    moving?.update();
    losses.push(...(await readSteps([pending])).map(({ loss }) => loss));
    checkpoints?.add(await takeSnapshot(trainer.trainable), 0);
  }
  moving?.settle();
  const mean = checkpoints?.mean();
  if (mean) restoreSnapshot(mean);

  const expected = reference[name];
  losses.forEach((loss, step) => expect(loss, `loss of step ${step}`).toBeCloseTo(expected.losses[step] ?? NaN, 4));
  for (const [weight, sums] of Object.entries(expected.weights)) {
    const parameter = classifier.parameters.find((candidate) => candidate.name === weight);
    if (!parameter) throw new Error(`There is no ${weight}.`);
    const values = await readWeight(parameter.value);
    const [sum = NaN, squares = NaN] = sums;
    expect(Math.abs(values.reduce((a, b) => a + b, 0) - sum), `sum of ${weight}`).toBeLessThan(2e-3);
    expect(values.reduce((a, b) => a + b * b, 0) / squares, `squares of ${weight}`).toBeCloseTo(1, 4);
  }
  moving?.dispose();
  trainer.dispose();
  classifier.dispose();
}
