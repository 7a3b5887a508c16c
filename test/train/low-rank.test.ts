import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { gatherBatch } from "../../src/data/batches.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { bert } from "../../src/families/bert/bert.ts";
import type { Classifier } from "../../src/model/classifier.ts";
import { lowRankTargets, targetName, type LowRankOptions, type LowRankTarget } from "../../src/model/low-rank.ts";
import { disposeBatch, uploadBatch } from "../../src/ops/device-batch.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import type { TrainerSettings } from "../../src/train/settings.ts";
import { restoreSnapshot, takeSnapshot } from "../../src/train/snapshot.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows, linearSettings } from "./learnable-rows.ts";
import { tinyModel } from "./tiny-run.ts";
import { plainLoss } from "./plain-loss.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const data = learnableRows(24, 1);
const batch = gatherBatch(
  data,
  Int32Array.from({ length: 24 }, (_, i) => i),
);
const capacity = { tokens: 512, rows: 24 };
const options: LowRankOptions = { rank: 2, alpha: 4, targets: ["query", "value"], seed: 5 };
const head = ["classifier.bias", "classifier.weight"];

async function weightsOf(model: Classifier): Promise<Map<string, Float32Array>> {
  const weights = new Map<string, Float32Array>();
  for (const { name, value } of model.parameters) weights.set(name, await readTensor(value));
  return weights;
}

async function logitsOf(model: Classifier): Promise<number[]> {
  const uploaded = uploadBatch(batch, capacity, model.tables, "inference");
  const logits = model.infer(uploaded);
  const values = await readTensor(logits);
  logits.dispose();
  disposeBatch(uploaded);
  return [...values];
}

/** Some steps on the same rows: losses, and which parameters moved. */
async function train(lowRank: LowRankOptions | null, changes: Partial<TrainerSettings> = {}, steps = 3) {
  const model = await tinyModel({ lowRank });
  const before = await weightsOf(model);
  const trainer = new Trainer(model, plainLoss(3), { ...linearSettings, ...changes }, capacity);
  const trainable = [...trainer.trainable].map(({ name }) => name).sort();
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const [numbers] = await readSteps([trainer.step([batch])]);
    losses.push(numbers?.loss ?? NaN);
  }
  const after = await weightsOf(model);
  const moved = [...after].filter(([name, values]) =>
    values.some((value, i) => !Object.is(value, before.get(name)?.[i])),
  );
  trainer.dispose();
  model.dispose();
  return { losses, trainable, moved: moved.map(([name]) => name).sort(), before };
}

/** Names of the two matrices beside each target, in the tiny model's layers. */
const matricesOf = (targets: readonly LowRankTarget[], layers = [0, 1]) =>
  layers.flatMap((layer) =>
    targets.flatMap((target) =>
      ["A", "B"].map((letter) => targetName(bert.names, layer, target).replace(/weight$/, `lora_${letter}.weight`)),
    ),
  );

describe("LoRA", () => {
  const lists: (readonly LowRankTarget[])[] = [
    ...lowRankTargets.map((target) => [target]),
    ["query", "value"],
    lowRankTargets,
  ];
  it.each(lists.map((targets) => ({ targets })))(
    "trains the matrices of its targets and the classifier; all else stays, to the bit: $targets",
    async ({ targets }) => {
      const { trainable, moved } = await train({ ...options, targets });
      expect(trainable).toEqual([...matricesOf(targets), ...head].sort());
      expect(moved).toEqual(trainable);
    },
  );

  it("is not there at the start: B is zero, and the logits are the checkpoint's", async () => {
    const [plain, lora] = [await tinyModel(), await tinyModel({ lowRank: { ...options, targets: lowRankTargets } })];
    expect(await logitsOf(lora)).toEqual(await logitsOf(plain));
    plain.dispose();
    lora.dispose();
  });

  it("starts A from the seed, evenly between ±1/√in", async () => {
    const start = async (seed: number) =>
      (await train({ ...options, rank: 8, targets: ["output"], seed }, {}, 0)).before;
    const [name = "", , other = ""] = matricesOf(["output"]);
    const [first, again, another] = [await start(5), await start(5), await start(6)];
    const a = first.get(name) ?? new Float32Array(0);
    const bound = 1 / Math.sqrt(160);
    expect(a).toEqual(again.get(name));
    expect(a).not.toEqual(another.get(name));
    expect(a).not.toEqual(first.get(other));
    expect(Math.max(...a.map(Math.abs))).toBeLessThan(bound);
    // The mean square of an even distribution is a third of its bound's square; four deviations of 1,280 draws are 10 %.
    const square = a.reduce((sum, value) => sum + value * value, 0) / a.length;
    expect(Math.abs(square / (bound ** 2 / 3) - 1)).toBeLessThan(0.1);
  });

  it("has other losses with another rank, alpha or dropout, and repeats with the same", async () => {
    const losses = async (changes: Partial<LowRankOptions>, lowRank = 0) =>
      (await train({ ...options, ...changes }, { rates: { ...linearSettings.rates, lowRank } })).losses;
    const first = await losses({});
    expect(await losses({})).toEqual(first);
    expect(await losses({ rank: 4, alpha: 8 })).not.toEqual(first);
    expect(await losses({ alpha: 8 })).not.toEqual(first);
    const dropped = await losses({}, 0.5);
    expect(dropped).not.toEqual(first);
    expect(await losses({}, 0.5)).toEqual(dropped);
  });

  it("freezes more by prefix: the matrices of a layer, or the classifier", async () => {
    const lower = await train(options, { frozen: ["encoder.layer.0."] });
    expect(lower.moved).toEqual([...matricesOf(options.targets, [1]), ...head].sort());
    const middle = await train(options, { frozen: ["encoder.layer.1.", "classifier."] });
    expect(middle.moved).toEqual(matricesOf(options.targets, [0]).sort());
  });

  it("comes back from a snapshot, which holds nothing else", async () => {
    const model = await tinyModel({ lowRank: { ...options, targets: lowRankTargets } });
    const trainer = new Trainer(model, plainLoss(3), linearSettings, capacity);
    const step = async () => void (await readSteps([trainer.step([batch])]));
    await step();
    await step();
    const snapshot = await takeSnapshot(trainer.trainable);
    expect(snapshot.size).toBe(2 + 2 * 2 * lowRankTargets.length);
    const [logits, weights] = [await logitsOf(model), await weightsOf(model)];
    await step();
    expect(await logitsOf(model)).not.toEqual(logits);
    restoreSnapshot(snapshot);
    expect(await weightsOf(model)).toEqual(weights);
    expect(await logitsOf(model)).toEqual(logits);
    trainer.dispose();
    model.dispose();
  });

  it("holds no more after a step than before it, and gives all back", async () => {
    const { numTensors } = memory();
    const model = await tinyModel({ lowRank: { ...options, targets: lowRankTargets } });
    const rates = { ...linearSettings.rates, lowRank: 0.1 };
    const trainer = new Trainer(model, plainLoss(3), { ...linearSettings, rates }, capacity);
    const held: number[] = [];
    for (let step = 0; step < 3; step++) {
      await readSteps([trainer.step([batch])]);
      await logitsOf(model);
      held.push(memory().numTensors);
    }
    expect(new Set(held).size).toBe(1);
    // The two moments of what trains, no more. Beside them the flag of a step that was not finite, and the loss's weights.
    expect(held[0]).toBe(numTensors + model.parameters.length + 2 * trainer.trainable.size + 1 + 1);
    trainer.dispose();
    model.dispose();
    expect(memory().numTensors).toBe(numTensors);
  });
});
