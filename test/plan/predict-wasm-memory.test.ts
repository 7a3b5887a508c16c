import "@tensorflow/tfjs-backend-wasm";
import { backend, findBackendFactory, registerBackend, removeBackend, tensor1d } from "@tensorflow/tfjs-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { ModelConfig } from "../../src/model/config.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { memoryOf } from "../../src/run/memory.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { RunControl } from "../../src/train/control.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import { otherFamilies, preNormConfig, randomClassifier, randomConfig } from "../model/random-model.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { listedCheckpoint } from "./listed-checkpoint.ts";

const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1 };
const STEPS = 3;
let heap = { first: Infinity, end: 0 };

/** A heap of its own for each run; keeps where the blocks begin and end that tfjs-wasm takes of it. */
beforeEach(async () => {
  const factory = findBackendFactory("wasm");
  removeBackend("wasm");
  registerBackend("wasm", factory);
  await useNodeBackend("wasm");
  // Emscripten puts the function itself in place at the first call.
  tensor1d([0]).dispose();
  const { wasm } = backend() as unknown as { wasm: { _malloc: (bytes: number) => number } };
  const malloc = wasm._malloc;
  wasm._malloc = (bytes) => {
    const pointer = malloc(bytes);
    heap.first = Math.min(heap.first, pointer >>> 0);
    heap.end = Math.max(heap.end, (pointer >>> 0) + bytes);
    return pointer;
  };
});

async function peaksOf(config: ModelConfig, changes: Partial<Recipe>) {
  heap = { first: Infinity, end: 0 };
  const recipe: Recipe = { ...defaultRecipe, batchSize: 32, evaluationsPerEpoch: 0, ...changes };
  const { loraRank: rank, loraAlpha: alpha, loraTargets: targets, pooling } = recipe;
  const lowRank = rank > 0 ? { rank, alpha, targets, seed: 1 } : null;
  const model = await randomClassifier(config, { pooling, lowRank });
  const [train, validation] = [learnableRows(STEPS * recipe.batchSize, 1, 48), learnableRows(64, 2, 48)];
  const labelNames = ["a", "b", "c"];
  const data = { task: defaultTrainedTask, train, validation, labelNames, rates, maxSteps: STEPS };
  for await (const { type } of new TrainingRun(model, data, recipe, new RunControl()).events())
    expect(type).not.toBe("");
  model.dispose();
  const measured = heap.end - heap.first;
  const opened = { ...listedCheckpoint(config), tokenizer: { tokenizerJson: "", tokenizerConfigJson: "" } };
  const input = { opened, recipe: { ...recipe, memoryLimit: 64 }, labelNames, train, validation, maxSteps: STEPS };
  const { prediction: predicted } = await memoryOf(input);
  return { predicted, measured };
}

const preNorm = preNormConfig({ width: 128, attention_heads: 4, inner_width: 512, words: 3000, blocks: 6 });
const wide = { hidden_size: 128, num_attention_heads: 4, intermediate_size: 512, vocab_size: 3000 };
const deep = { ...wide, num_hidden_layers: 6 };

describe("the prediction of memory on wasm", () => {
  it.each<[string, ModelConfig, Partial<Recipe>]>([
    ["a small model", randomConfig(), {}],
    ["a wide one", randomConfig(wide), {}],
    ["a deep one", randomConfig(deep), {}],
    ["a deep one, checkpointed", randomConfig(deep), { checkpointing: "on" }],
    ["micro-batches", randomConfig(deep), { accumulate: 4 }],
    ["LoRA", randomConfig(wide), { loraRank: 4 }],
    ["frozen lower layers", randomConfig(deep), { frozen: ["embeddings.", "encoder.layer.0.", "encoder.layer.1."] }],
    ["R-Drop and EMA", randomConfig(wide), { rDrop: 1, ema: 0.99 }],
    ["RoBERTa", randomConfig({ ...wide, model_type: "roberta" }), {}],
    ["ELECTRA", randomConfig({ ...wide, model_type: "electra", embedding_size: 64 }), {}],
    ["ALBERT", randomConfig({ ...deep, model_type: "albert", embedding_size: 64 }), {}],
    ["MPNet", randomConfig({ ...wide, ...otherFamilies.mpnet }), {}],
    ["DeBERTa", randomConfig({ ...wide, ...otherFamilies.deberta }), {}],
    ["DeBERTa's first version", randomConfig({ ...wide, ...otherFamilies.debertaOfOld }), {}],
    ["ModernBERT", randomConfig({ ...wide, ...otherFamilies.modernbert }), {}],
    ["ModernBERT, the mean", randomConfig({ ...wide, ...otherFamilies.modernbertMean }), { accumulate: 2 }],
    ["pre-norm layers", preNorm, {}],
    ["pre-norm layers, checkpointed", preNorm, { checkpointing: "on" }],
  ])("is within 2 % of what a run takes of the heap: %s", async (_, config, changes) => {
    const { predicted, measured } = await peaksOf(config, changes);
    const { total, ...parts } = predicted;
    expect(Math.abs(total / measured - 1)).toBeLessThan(0.02);
    expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBe(total);
  });
});
