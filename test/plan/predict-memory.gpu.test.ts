import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { dispatchesPerSubmission, MOST_DISPATCHES } from "../../src/gpu/flush.ts";
import { bytesHeld } from "../../src/gpu/memory.ts";
import { lowRankTargets } from "../../src/model/low-rank.ts";
import { predictMemory } from "../../src/plan/predict-memory.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { capacityOf } from "../../src/train/capacity.ts";
import { RunControl } from "../../src/train/control.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { pretrainCapacity, pretrainRows } from "../../src/train/pretrain-capacity.ts";
import { Pretraining } from "../../src/train/pretraining.ts";
import { loadMaskedLmHead } from "../../src/model/masked-lm-head.ts";
import { MaskedLm } from "../../src/model/masked-lm.ts";
import { randomClassifier, randomConfig } from "../model/random-model.ts";
import { backendOptions } from "../ops/backends.ts";
import { learnableRows } from "../train/learnable-rows.ts";

const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
const STEPS = 3;
const vocabulary = {
  maskId: 4,
  special: Uint8Array.from({ length: 997 }, (_, id) => (id < 5 ? 1 : 0)),
  continuation: new Uint8Array(997),
};

/** Predicted and measured peak of a short run on a device of its own. */
async function peaksOf(sizes: Record<string, number>, changes: Partial<Recipe>, bindingLimit = Infinity) {
  await startBackend("webgpu", { ...backendOptions, bindingLimit });
  const config = randomConfig(sizes);
  const recipe: Recipe = { ...defaultRecipe, rowsPerStep: 8, evaluationsPerEpoch: 0, ...changes };
  const { loraRank: rank, loraAlpha: alpha, loraTargets } = recipe;
  const targets = lowRankTargets.filter((target) => loraTargets.includes(target));
  const lowRank = rank > 0 ? { rank, alpha, targets, seed: 1 } : null;
  const model = await randomClassifier(config, { pooling: recipe.pooling, lowRank });
  const train = learnableRows(STEPS * recipe.rowsPerStep, 1, 16);
  const validation = learnableRows(6, 2, 16);
  const control = new RunControl();
  const data = { train, validation, labelNames: ["a", "b", "c"], rates, maxSteps: STEPS };
  const follow = async (events: AsyncIterable<{ type: string }>) => {
    for await (const { type } of events) expect(type).not.toBe("");
  };
  let pretraining = null;
  if (recipe.pretrainEpochs > 0) {
    new TrainingRun(model, data, recipe, control).dispose();
    const read = () => Promise.reject(new Error("Nothing is read."));
    const encoder = model.parameters.filter(({ level }) => level <= config.layers);
    const language = new MaskedLm(config, encoder, await loadMaskedLmHead(config, { tensors: new Map(), read }, 1));
    const heldOut = validation;
    const { rows } = pretrainRows({ train, heldOut, vocabulary, maxSteps: STEPS }, recipe);
    pretraining = pretrainCapacity(recipe, STEPS, rows);
    await follow(
      new Pretraining(language, { train, heldOut, vocabulary, rates, maxSteps: STEPS }, recipe, control).events(),
    );
    language.disposeHead();
  }
  await follow(new TrainingRun(model, data, recipe, control).events());
  const room = {
    training: { ...capacityOf(recipe, STEPS, train, validation), places: 0 },
    pretraining,
    microBatches: recipe.accumulate,
  };
  const predicted = predictMemory(config, recipe, 3, room, recipe.checkpointing === "on");
  expect(dispatchesPerSubmission()).toBe(MOST_DISPATCHES);
  return { predicted, measured: bytesHeld() };
}

const wide = { hidden_size: 64, intermediate_size: 256, num_hidden_layers: 2, vocab_size: 1200 };
const deep = { num_hidden_layers: 6, intermediate_size: 128 };

// Submissions are cut by measured time, and memory is a matter of submissions: on a clock that stands still they are as
// long as on a fast GPU.
beforeAll(async () => {
  vi.spyOn(performance, "now").mockReturnValue(0);
  await peaksOf({ num_hidden_layers: 1 }, { rowsPerStep: 1 });
});
afterAll(() => vi.restoreAllMocks());

describe("the prediction of memory", () => {
  it.each<[string, Record<string, number>, Partial<Recipe>, number?]>([
    ["a small model", {}, {}],
    ["a wide one", wide, { rowsPerStep: 4 }],
    ["a deep one", deep, {}],
    ["a deep one, checkpointed", deep, { checkpointing: "on" }],
    ["micro-batches", deep, { accumulate: 3 }],
    ["LoRA beside all matrices", deep, { loraRank: 4, loraTargets: [...lowRankTargets] }],
    ["LoRA, checkpointed", wide, { loraRank: 8, checkpointing: "on" }],
    ["frozen lower layers", deep, { frozen: ["embeddings.", "encoder.layer.0.", "encoder.layer.1."] }],
    ["the head alone", deep, { frozen: ["embeddings.", "encoder."], rowsPerStep: 4 }],
    ["R-Drop, EMA and a mean of layers", {}, { rDrop: 1, ema: 0.99, pooling: "mean-last-4" }],
    ["L2-SP", wide, { l2sp: 0.01, rowsPerStep: 4, pooling: "cls" }],
    ["continued pretraining", {}, { pretrainEpochs: 1 }],
    ["a table bound in four parts", { ...wide, vocab_size: 8000 }, { rowsPerStep: 4 }, 2 ** 19],
  ])("is within a tenth of what a run holds: %s", async (_, sizes, changes, limit) => {
    const { predicted, measured } = await peaksOf(sizes, changes, limit);
    const { total, ...parts } = predicted;
    expect(Math.abs(total / measured - 1)).toBeLessThan(0.1);
    expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBe(total);
  });
});
