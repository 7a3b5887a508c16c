import { describe, expect, it } from "vitest";
import { fitToMemory, type RoomNeeded } from "../../src/plan/fit-to-memory.ts";
import { predictMemory, type RunRoom } from "../../src/plan/predict-memory.ts";
import { plannedWeights } from "../../src/plan/weights.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";

const bertBase = {
  family: "bert",
  vocabularySize: 30522,
  hiddenSize: 768,
  layers: 12,
  heads: 12,
  intermediateSize: 3072,
  maxPositions: 512,
  typeVocabularySize: 2,
};
const room = (tokens: number, microBatches = 1) => ({ tokens, rows: 64, places: 0, microBatches });
/** A run of the new task alone. */
const alone = { pretraining: null, earlier: null, keepsFeatures: true };
const needed: RoomNeeded = { ...alone, training: room(16384), longest: 130 };
const fit = (changes: Partial<Recipe>) => fitToMemory(bertBase, { ...defaultRecipe, ...changes }, 2, needed);
const total = (changes: Partial<Recipe>, tokens = 4096, checkpointing = false) => {
  const rooms = { ...alone, training: room(tokens) };
  return predictMemory(bertBase, { ...defaultRecipe, ...changes }, 2, rooms, checkpointing).total;
};

describe("fitting a step to the memory limit", () => {
  it("leaves a run as it is that stays below", () => {
    expect(fit({ memoryLimit: 64 })).toMatchObject({ checkpointing: false, mostTokens: Infinity, fits: true });
    expect(fit({ memoryLimit: 64, checkpointing: "on" }).checkpointing).toBe(true);
  });

  it("takes checkpointing first, then the largest micro-batches that stay below", () => {
    const checkpointed = fit({ memoryLimit: 6 });
    expect(checkpointed).toMatchObject({ checkpointing: true, mostTokens: Infinity, fits: true });
    expect(fit({ memoryLimit: 64 }).prediction.total).toBeGreaterThan(6e9);

    const cut = fit({ memoryLimit: 2.7 });
    expect(cut).toMatchObject({ checkpointing: true, fits: true, limit: 2.7e9 });
    expect(cut.mostTokens).toBeGreaterThanOrEqual(192);
    expect(cut.mostTokens).toBeLessThan(16384);
    expect(cut.prediction.total).toBeLessThanOrEqual(cut.limit);
    const more = { ...needed, training: room(cut.mostTokens + 64, 2) };
    expect(predictMemory(bertBase, defaultRecipe, 2, more, true).total).toBeGreaterThan(cut.limit);
  });

  it("never checkpoints where the recipe forbids it", () => {
    const cut = fit({ memoryLimit: 3.7, checkpointing: "off" });
    expect(cut).toMatchObject({ checkpointing: false, fits: true });
    expect(cut.mostTokens).toBeLessThan(16384);
  });

  it("cuts a step whose widest activation a shader cannot bind at once, however much memory there is", () => {
    // WebGPU's least limit, 128 MiB, holds 10,922 tokens of 3,072 floats each.
    const largestBinding = 2 ** 27;
    const cutFor = (changes: Partial<Recipe>) =>
      fitToMemory(bertBase, { ...defaultRecipe, ...changes }, 2, needed, largestBinding);
    expect(cutFor({ memoryLimit: 64 })).toMatchObject({ checkpointing: false, mostTokens: 10_880, fits: true });
    expect(cutFor({ memoryLimit: 5 })).toMatchObject({ checkpointing: true, mostTokens: 10_880, fits: true });
    expect(cutFor({ memoryLimit: 2.7 })).toEqual(fit({ memoryLimit: 2.7 }));
    const short = { ...needed, training: room(4096) };
    expect(fitToMemory(bertBase, { ...defaultRecipe, memoryLimit: 64 }, 2, short, largestBinding).mostTokens).toBe(
      Infinity,
    );
  });

  it("says when not even the smallest parts stay below", () => {
    expect(fit({ memoryLimit: 1 })).toMatchObject({ checkpointing: true, mostTokens: 192, fits: false });
  });
});

describe("the prediction of memory", () => {
  it("has 16 bytes for each weight that trains, 4 for one that does not", () => {
    const size = (weights: { size: number }[]) => weights.reduce((sum, one) => sum + one.size, 0);
    const frozen = { ...defaultRecipe, frozen: ["embeddings.", "encoder.layer.0."] };
    const weights = plannedWeights(bertBase, frozen, 2);
    const rooms = { ...alone, training: room(64) };
    const parts = predictMemory(bertBase, frozen, 2, rooms, false);
    const trained = size(weights.filter(({ trains }) => trains));
    expect(size(weights)).toBe(109_483_778);
    expect(parts.weights).toBe(4 * size(weights));
    expect(parts.gradients).toBe(4 * trained);
    expect(parts.moments).toBe(8 * trained);
    expect(trained).toBeLessThan(0.75 * size(weights));
  });

  it("grows with tokens and micro-batches, and least with checkpointing or LoRA", () => {
    expect(total({}, 8192)).toBeGreaterThan(total({}));
    expect(total({}, 4096, true)).toBeLessThan(0.7 * total({}));
    expect(total({ loraRank: 8 }, 64)).toBeLessThan(0.5 * total({}, 64));
    expect(total({ ema: 0.99 })).toBeGreaterThan(total({}) + 4 * 109e6);
    expect(total({ rDrop: 1 })).toBeGreaterThan(1.2 * total({}));
    // The sum of the first micro-batches, and the gradients of both passes of the next.
    const gradients = (changes: Partial<Recipe>, microBatches: number) => {
      const rooms = { ...alone, training: room(64, microBatches) };
      return predictMemory(bertBase, { ...defaultRecipe, ...changes }, 2, rooms, false).gradients;
    };
    expect(gradients({}, 2)).toBe(2 * gradients({}, 1));
    expect(gradients({ rDrop: 1 }, 2)).toBe(3 * gradients({}, 1));
  });

  it("counts an earlier task: its classifier, what weighs the weights and where they began, texts that are scored", () => {
    const parts = (changes: Partial<Recipe>, earlier: RunRoom["earlier"]) => {
      const rooms = { ...alone, training: room(4096), earlier };
      return predictMemory(bertBase, { ...defaultRecipe, ...changes }, 2, rooms, false);
    };
    const rows = { kind: "rows", classes: 3, microBatches: 1 } as const;
    const [none, scored] = [parts({}, null), parts({}, rows)];
    expect(scored.weights - none.weights).toBe(4 * 3 * 769);
    expect(scored.moments).toBe(none.moments);
    expect(parts({ rehearsal: 0.1 }, rows).moments - none.moments).toBe(8 * 3 * 769);
    // The new task's classifier is no part of the earlier task.
    expect(parts({ ewc: 1 }, rows).other - none.other).toBe(8 * (109_483_778 - 2 * 769));
    const one = { tokens: 40, rows: 1, places: 6 };
    const texts = { kind: "texts", single: one, meter: { tokens: 600, rows: 16, places: 96 } } as const;
    const [told, held] = [parts({}, texts), parts({ ewc: 1 }, texts)];
    // The head: a dense layer, a LayerNorm, a bias for each word; and the logits of what is scored.
    expect(told.weights - none.weights).toBe(4 * (768 * 768 + 3 * 768 + 30522));
    expect(told.activations - none.activations).toBeGreaterThan(4 * 96 * 30522);
    expect(held.other - told.other).toBe(8 * (109_483_778 - 769 * 768 - 2 * 769));
  });

  it("keeps nothing of the encoder for a head that trains alone, unless main memory does not hold what it reads", () => {
    const frozen = { ...defaultRecipe, frozen: ["embeddings.", "encoder."] };
    const parts = (keepsFeatures: boolean) =>
      predictMemory(bertBase, frozen, 2, { ...alone, training: room(4096), keepsFeatures }, false);
    expect(parts(false).activations).toBeGreaterThan(4 * parts(true).activations);
  });
});
