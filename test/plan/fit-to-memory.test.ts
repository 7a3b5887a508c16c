import { describe, expect, it } from "vitest";
import { fitToMemory, type CapacityNeeded } from "../../src/plan/fit-to-memory.ts";
import { predictMemory, type PlannedRun, type RunCapacity } from "../../src/plan/predict-memory.ts";
import { plannedWeights } from "../../src/plan/weights.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { loadModels } from "../../src/run/models.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { randomConfig } from "../model/random-model.ts";
import { listedCheckpoint } from "./listed-checkpoint.ts";

const bertBase = randomConfig({
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 512,
});
const room = (tokens: number, microBatches = 1) => ({ tokens, rows: 64, places: 0, microBatches });
/** A run of the new task alone. */
const alone = { pretraining: null, earlier: null, keepsFeatures: true };
const needed: CapacityNeeded = { ...alone, training: room(16384), longest: 130 };

/** A run of two classes on a GPU. */
function runOf(changes: Partial<Recipe>, earlier: RunCapacity["earlier"] = null): PlannedRun {
  const opened = listedCheckpoint(bertBase, earlier?.kind === "rows" ? earlier.classes : 2);
  const labelNames = ["a", "b"];
  const others = {
    ...(earlier?.kind === "rows" && { earlier: true }),
    ...(earlier?.kind === "texts" && { earlierCorpus: true }),
  };
  const models = (recipe: Recipe) => loadModels({ opened, recipe, labelNames, ...others });
  return { device: "webgpu", task: defaultTrainedTask, models, recipe: { ...defaultRecipe, ...changes }, labelNames };
}

const predicted = async (changes: Partial<Recipe>, rooms: RunCapacity, checkpointing = false) =>
  (await predictMemory(runOf(changes, rooms.earlier), rooms, checkpointing)).prediction;
const fit = (changes: Partial<Recipe>, largestBinding?: number) => fitToMemory(runOf(changes), needed, largestBinding);
const total = async (changes: Partial<Recipe>, tokens = 4096, checkpointing = false) =>
  (await predicted(changes, { ...alone, training: room(tokens) }, checkpointing)).total;

describe("fitting a step to the memory limit", () => {
  it("leaves a run as it is that stays below", async () => {
    expect(await fit({ memoryLimit: 64 })).toMatchObject({ checkpointing: false, mostTokens: Infinity, fits: true });
    expect((await fit({ memoryLimit: 64, checkpointing: "on" })).checkpointing).toBe(true);
  });

  it("takes checkpointing first, then the largest micro-batches that stay below", async () => {
    const checkpointed = await fit({ memoryLimit: 6 });
    expect(checkpointed).toMatchObject({ checkpointing: true, mostTokens: Infinity, fits: true });
    expect((await fit({ memoryLimit: 64 })).prediction.total).toBeGreaterThan(6e9);

    const cut = await fit({ memoryLimit: 2.7 });
    expect(cut).toMatchObject({ checkpointing: true, fits: true, limit: 2.7e9 });
    expect(cut.mostTokens).toBeGreaterThanOrEqual(192);
    expect(cut.mostTokens).toBeLessThan(16384);
    expect(cut.prediction.total).toBeLessThanOrEqual(cut.limit);
    const more = { ...alone, training: room(cut.mostTokens + 64, 2) };
    expect((await predicted({}, more, true)).total).toBeGreaterThan(cut.limit);
  });

  it("never checkpoints where the recipe forbids it", async () => {
    const cut = await fit({ memoryLimit: 3.7, checkpointing: "off" });
    expect(cut).toMatchObject({ checkpointing: false, fits: true });
    expect(cut.mostTokens).toBeLessThan(16384);
  });

  it("cuts a step whose widest activation a shader cannot bind at once, however much memory there is", async () => {
    // WebGPU's least limit, 128 MiB, holds 10,922 tokens of 3,072 floats each.
    const largestBinding = 2 ** 27;
    const cutFor = (changes: Partial<Recipe>) => fit(changes, largestBinding);
    expect(await cutFor({ memoryLimit: 64 })).toMatchObject({ checkpointing: false, mostTokens: 10_880, fits: true });
    expect(await cutFor({ memoryLimit: 5 })).toMatchObject({ checkpointing: true, mostTokens: 10_880, fits: true });
    expect(await cutFor({ memoryLimit: 2.7 })).toEqual(await fit({ memoryLimit: 2.7 }));
    const short = { ...needed, training: room(4096) };
    expect((await fitToMemory(runOf({ memoryLimit: 64 }), short, largestBinding)).mostTokens).toBe(Infinity);
  });

  it("says when not even the smallest parts stay below", async () => {
    expect(await fit({ memoryLimit: 1 })).toMatchObject({ checkpointing: true, mostTokens: 192, fits: false });
  });

  it("offers the changes of a recipe with which a run fits that does not", async () => {
    const changes = async (recipe: Partial<Recipe>) => (await fit(recipe)).offers.map(({ change }) => change);
    expect(await changes({ memoryLimit: 64 })).toEqual([]);
    expect(await changes({ memoryLimit: 2 })).toEqual(["frozenEmbeddings", "lowRank"]);
    expect(await changes({ memoryLimit: 1 })).toEqual(["lowRank"]);
    expect(await changes({ memoryLimit: 0.4 })).toEqual([]);
    // A moving average of LoRA's matrices is refused.
    expect(await changes({ memoryLimit: 2, ema: 0.99 })).toEqual([]);
    expect(await changes({ memoryLimit: 2.25, checkpointing: "off" })).toContain("checkpointing");
    const { offers, limit } = await fit({ memoryLimit: 1 });
    for (const { total } of offers) expect(total).toBeLessThanOrEqual(limit);
  });

  it("stays below what the system lets a page have, in micro-batches where that is enough", async () => {
    const lowRank = { ...runOf({ memoryLimit: 64, loraRank: 8, checkpointing: "on" }), mostBytes: 1.2e9 };
    const cut = await fitToMemory(lowRank, needed);
    expect(cut).toMatchObject({ limit: 1.2e9, fits: true });
    expect(cut.mostTokens).toBeLessThan(16384);
    expect(cut.prediction.total).toBeLessThanOrEqual(1.2e9);
    expect((await fitToMemory({ ...lowRank, mostBytes: Infinity }, needed)).mostTokens).toBe(Infinity);
    expect((await fitToMemory({ ...runOf({ memoryLimit: 64 }), mostBytes: 1.2e9 }, needed)).fits).toBe(false);
  });

  it("stays below what WebAssembly can address", async () => {
    const cut = await fitToMemory({ ...runOf({ memoryLimit: 64 }), device: "wasm" }, needed);
    expect(cut).toMatchObject({ checkpointing: true, limit: 2 ** 32 - 2 ** 16, fits: true });
  });
});

describe("the prediction of memory", () => {
  it("has 16 bytes for each weight that trains, 4 for one that does not", async () => {
    const size = (weights: { size: number }[]) => weights.reduce((sum, one) => sum + one.size, 0);
    const frozen = { frozen: ["embeddings.", "encoder.layer.0."] };
    const weights = plannedWeights(bertBase, { ...defaultRecipe, ...frozen }, 2);
    const parts = await predicted(frozen, { ...alone, training: room(64) });
    const trained = size(weights.filter(({ trains }) => trains));
    expect(size(weights)).toBe(109_483_778);
    expect(parts.weights).toBe(4 * size(weights));
    expect(parts.gradients).toBe(4 * trained);
    expect(parts.moments).toBe(8 * trained);
    expect(trained).toBeLessThan(0.75 * size(weights));
  });

  it("grows with tokens and micro-batches, and least with checkpointing or LoRA", async () => {
    const plain = await total({});
    expect(await total({}, 8192)).toBeGreaterThan(plain);
    expect(await total({}, 4096, true)).toBeLessThan(0.7 * plain);
    expect(await total({ loraRank: 8 }, 64)).toBeLessThan(0.5 * (await total({}, 64)));
    expect(await total({ ema: 0.99 })).toBeGreaterThan(plain + 4 * 109e6);
    expect(await total({ rDrop: 1 })).toBeGreaterThan(1.2 * plain);
    // The sum of the passes before, and the gradients of the next.
    const gradients = async (changes: Partial<Recipe>, microBatches: number) =>
      (await predicted(changes, { ...alone, training: room(64, microBatches) })).gradients;
    const once = await gradients({}, 1);
    expect(await gradients({}, 2)).toBe(2 * once);
    expect(await gradients({ rDrop: 1 }, 2)).toBe(2 * once);
  });

  it("counts an earlier task: its classifier, what weighs the weights and where they began, texts that are scored", async () => {
    const parts = (changes: Partial<Recipe>, earlier: RunCapacity["earlier"]) =>
      predicted(changes, { ...alone, training: room(4096), earlier });
    const rows = { kind: "rows", classes: 3, microBatches: 1 } as const;
    const [none, scored] = [await parts({}, null), await parts({}, rows)];
    expect(scored.weights - none.weights).toBe(4 * 3 * 769);
    expect(scored.moments).toBe(none.moments);
    expect((await parts({ rehearsal: 0.1 }, rows)).moments - none.moments).toBe(8 * 3 * 769);
    // The new task's classifier is no part of the earlier task.
    expect((await parts({ ewc: 1 }, rows)).other - none.other).toBe(8 * (109_483_778 - 2 * 769));
    const one = { tokens: 40, rows: 1, places: 6 };
    const texts = { kind: "texts", single: one, meter: { tokens: 600, rows: 16, places: 96 } } as const;
    const [told, held] = [await parts({}, texts), await parts({ ewc: 1 }, texts)];
    // The head: a dense layer, a LayerNorm, a bias for each word; and the logits of what is scored.
    expect(told.weights - none.weights).toBe(4 * (768 * 768 + 3 * 768 + 30522));
    expect(told.activations - none.activations).toBeGreaterThan(4 * 96 * 30522);
    expect(held.other - told.other).toBe(8 * (109_483_778 - 769 * 768 - 2 * 769));
  });

  it("keeps nothing of the encoder for a head that trains alone, unless main memory does not hold what it reads", async () => {
    const activations = async (keepsFeatures: boolean) => {
      const rooms = { ...alone, training: room(4096), keepsFeatures };
      return (await predicted({ frozen: ["embeddings.", "encoder."] }, rooms)).activations;
    };
    expect(await activations(false)).toBeGreaterThan(4 * (await activations(true)));
  });
});
