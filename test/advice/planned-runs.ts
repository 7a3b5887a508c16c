import type { Recipe } from "../../src/recipe/recipe.ts";
import { countingTexts, moodRows, topicRows, type MadeRows } from "./run-data.ts";

/** A run to be recorded. */
export interface PlannedRun {
  name: string;
  rows: () => MadeRows;
  /** What differs from the default recipe. */
  recipe: Partial<Recipe>;
  /** The task that the model was trained for before, by the recipe `first`. */
  earlier?: () => MadeRows;
  /** Texts of an earlier task: the run pretrains on them first, which teaches its language model. */
  earlierTexts?: () => string[];
}

/** Fits the tiny model, which has 64 positions and takes far larger rates than a pretrained one. */
const base: Partial<Recipe> = { learningRate: 1e-3, maxLength: 40, epochs: 4 };

/** How a model is trained for the earlier task of a run. */
export const first: Partial<Recipe> = { ...base, epochs: 3, evaluationsPerEpoch: 0 };

const before = () => moodRows({ rows: 900, seed: 20 });

const counting = () => countingTexts({ texts: 600, seed: 23 });
const taught: Partial<Recipe> = { pretrainEpochs: 20, pretrainLearningRate: 3e-3 };

export const plannedRuns: readonly PlannedRun[] = [
  { name: "healthy-two-classes", rows: () => moodRows({ rows: 900, seed: 1 }), recipe: base },
  {
    name: "healthy-three-classes",
    rows: () => topicRows({ rows: 1200, seed: 2, shares: [0.5, 0.3, 0.2], noise: 0.05 }),
    recipe: { ...base, learningRate: 5e-4, schedule: "cosine", batchSize: 32, epochs: 6, evaluationsPerEpoch: 4 },
  },
  {
    name: "healthy-noisy-labels",
    rows: () => moodRows({ rows: 1500, seed: 12, noise: 0.3 }),
    recipe: { ...base, learningRate: 3e-4, epochs: 2, hiddenDropout: 0.1, attentionDropout: 0.1 },
  },
  {
    name: "healthy-full-evaluations-only",
    rows: () => moodRows({ rows: 600, seed: 13 }),
    recipe: { ...base, evaluationsPerEpoch: 0, epochs: 5 },
  },
  {
    name: "healthy-small-batch",
    rows: () => moodRows({ rows: 600, seed: 14 }),
    recipe: { ...base, batchSize: 8, epochs: 3 },
  },
  {
    name: "overfitting",
    rows: () => moodRows({ rows: 400, seed: 3, noise: 0.5 }),
    recipe: { ...base, epochs: 12, evaluationsPerEpoch: 3 },
  },
  {
    name: "overfitting-epochs",
    rows: () => moodRows({ rows: 300, seed: 31, noise: 0.4 }),
    recipe: { ...base, epochs: 10, evaluationsPerEpoch: 0 },
  },
  {
    name: "underfitting",
    rows: () => topicRows({ rows: 1500, seed: 4 }),
    recipe: { ...base, learningRate: 2e-4, epochs: 2 },
  },
  {
    name: "instability",
    rows: () => moodRows({ rows: 600, seed: 5 }),
    recipe: { ...base, learningRate: 0.5, maxGradientNorm: 1e30 },
  },
  {
    name: "swings",
    rows: () => moodRows({ rows: 900, seed: 51 }),
    recipe: { ...base, learningRate: 0.02, maxGradientNorm: 1e30, schedule: "constant" },
  },
  {
    name: "diverged",
    rows: () => moodRows({ rows: 300, seed: 6 }),
    recipe: { ...base, learningRate: 1e12, maxGradientNorm: 1e30 },
  },
  {
    name: "collapse",
    rows: () => moodRows({ rows: 900, seed: 7, shares: [0.75, 0.25] }),
    recipe: { ...base, learningRate: 0.03 },
  },
  {
    name: "imbalance",
    rows: () => topicRows({ rows: 1200, seed: 8, shares: [0.55, 0.42, 0.03], signals: 1 }),
    recipe: { ...base, learningRate: 3e-4, epochs: 4 },
  },
  {
    name: "rate-too-low",
    rows: () => moodRows({ rows: 900, seed: 9 }),
    recipe: { ...base, learningRate: 1e-7 },
  },
  {
    name: "rate-too-high",
    rows: () => moodRows({ rows: 900, seed: 10 }),
    recipe: { ...base, learningRate: 0.05, warmupShare: 0.5, epochs: 6 },
  },
  {
    name: "always-clipped",
    rows: () => moodRows({ rows: 600, seed: 15 }),
    recipe: { ...base, maxGradientNorm: 0.01, learningRate: 3e-4 },
  },
  {
    name: "batch-too-small",
    rows: () => topicRows({ rows: 400, seed: 16, noise: 0.1 }),
    recipe: { ...base, batchSize: 1, epochs: 2, learningRate: 2e-4 },
  },
  {
    name: "cut-rows",
    rows: () => moodRows({ rows: 600, seed: 17, filler: [4, 40] }),
    recipe: { ...base, maxLength: 20 },
  },
  {
    name: "forgetting",
    rows: () => topicRows({ rows: 900, seed: 21 }),
    recipe: { ...base, learningRate: 3e-3 },
    earlier: before,
  },
  {
    name: "healthy-rehearsal",
    rows: () => topicRows({ rows: 900, seed: 21 }),
    recipe: { ...base, rehearsal: 0.25 },
    earlier: before,
  },
  {
    name: "forgetting-texts",
    rows: () => topicRows({ rows: 900, seed: 22 }),
    recipe: { ...base, ...taught, learningRate: 3e-3 },
    earlierTexts: counting,
  },
  {
    name: "healthy-consolidated-texts",
    rows: () => topicRows({ rows: 900, seed: 22 }),
    recipe: { ...base, ...taught, ewc: 30 },
    earlierTexts: counting,
  },
];
