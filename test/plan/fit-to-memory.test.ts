import { describe, expect, it } from "vitest";
import { fitToMemory, type RoomNeeded } from "../../src/plan/fit-to-memory.ts";
import { predictMemory } from "../../src/plan/predict-memory.ts";
import { plannedWeights } from "../../src/plan/weights.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";

const bertBase = {
  vocabularySize: 30522,
  hiddenSize: 768,
  layers: 12,
  heads: 12,
  intermediateSize: 3072,
  maxPositions: 512,
  typeVocabularySize: 2,
};
const room = (tokens: number) => ({ tokens, rows: 64, places: 0 });
const needed: RoomNeeded = { training: room(16384), microBatches: 1, pretraining: null, longest: 130 };
const fit = (changes: Partial<Recipe>) => fitToMemory(bertBase, { ...defaultRecipe, ...changes }, 2, needed);
const total = (changes: Partial<Recipe>, tokens = 4096, checkpointing = false) => {
  const rooms = { training: room(tokens), microBatches: 1, pretraining: null };
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
    const more = { ...needed, training: room(cut.mostTokens + 64), microBatches: 2 };
    expect(predictMemory(bertBase, defaultRecipe, 2, more, true).total).toBeGreaterThan(cut.limit);
  });

  it("never checkpoints where the recipe forbids it", () => {
    const cut = fit({ memoryLimit: 3.7, checkpointing: "off" });
    expect(cut).toMatchObject({ checkpointing: false, fits: true });
    expect(cut.mostTokens).toBeLessThan(16384);
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
    const rooms = { training: room(64), microBatches: 1, pretraining: null };
    const parts = predictMemory(bertBase, frozen, 2, rooms, false);
    const trained = size(weights.filter(({ trains }) => trains));
    expect(size(weights)).toBe(109_483_778);
    expect(parts.weights).toBe(4 * size(weights));
    expect(parts.gradients).toBe(4 * trained);
    expect(parts.moments).toBe(8 * trained);
    expect(trained).toBeLessThan(0.75 * size(weights));
  });

  it("grows with tokens, and least with checkpointing or LoRA", () => {
    expect(total({}, 8192)).toBeGreaterThan(total({}));
    expect(total({}, 4096, true)).toBeLessThan(0.7 * total({}));
    expect(total({ loraRank: 8 }, 64)).toBeLessThan(0.5 * total({}, 64));
    expect(total({ ema: 0.99 })).toBeGreaterThan(total({}) + 4 * 109e6);
    expect(total({ rDrop: 1 })).toBeGreaterThan(1.2 * total({}));
  });
});
