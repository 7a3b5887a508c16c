import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import {
  predictMemory,
  type MemoryPrediction,
  type PlannedRun,
  type RunCapacity,
  type StepCapacity,
} from "./predict-memory.ts";

/** What the largest batches of a run come to, before anything is cut. */
export interface CapacityNeeded extends RunCapacity {
  /** Tokens of the longest row of any kind: no batch can have less. */
  longest: number;
}

/** How a step was made to fit, and the memory of the run then. */
export interface MemoryFit {
  checkpointing: boolean;
  /** Tokens of a micro-batch, at most; Infinity where nothing was cut. */
  mostTokens: number;
  prediction: MemoryPrediction;
  /** Bytes that recipe and device allow. */
  limit: number;
  /** False where not even the smallest parts stay below it. */
  fits: boolean;
  /** Changes of the recipe with which it fits in its smallest parts; empty where it fits, or where none is enough. */
  offers: MemoryOffer[];
}

/** What may be changed to take less memory. */
export type MemoryChange = "checkpointing" | "frozenEmbeddings" | "lowRank";

/** One change of the recipe, and the bytes that the run then takes. */
export interface MemoryOffer {
  change: MemoryChange;
  total: number;
}

/** Turns after which a search halves what is left. */
const MOST_INTERPOLATED = 5;
/** Tokens of a batch on the device are a multiple of this. */
const STEP = 64;
const GIGABYTE = 1e9;
/** Where the memory of WebAssembly ends: 32-bit addresses, but for the last page. */
const WASM_BYTES = 2 ** 32 - 2 ** 16;

/**
 * Makes a run stay below its recipe's memory limit: as it is if that does; else with checkpointing, if the recipe
 * leaves it open, since it changes no number; else in micro-batches, as large as may be. A run that does not even fit
 * in its smallest parts is left so, with the changes that would make it fit: the limit is a person's guess, and the GPU
 * has the last word. On wasm the limit is at most what WebAssembly can address, and on a phone what its system lets a
 * page have. No micro-batch has
 * more tokens than a shader of the device can bind the widest activation of.
 *
 * @param largestBinding bytes that a shader can bind at once
 */
export async function fitToMemory(
  run: PlannedRun,
  needed: CapacityNeeded,
  largestBinding = Infinity,
): Promise<MemoryFit> {
  const { recipe } = run;
  const addressable = run.device === "wasm" ? WASM_BYTES : Infinity;
  const limit = Math.min(recipe.memoryLimit * GIGABYTE, addressable, run.mostBytes ?? Infinity);
  const tried = async (checkpointing: boolean, mostTokens: number) => {
    const { prediction, widestPerToken } = await predictMemory(run, cutCapacity(needed, mostTokens), checkpointing);
    return { checkpointing, mostTokens, prediction, fits: prediction.total <= limit, widestPerToken };
  };
  const fitOf = async (fit: Awaited<ReturnType<typeof tried>>): Promise<MemoryFit> => {
    const { checkpointing, mostTokens, prediction, fits } = fit;
    const offers = fits ? [] : await offersFor(run, cutCapacity(needed, mostTokens), limit);
    return { checkpointing, mostTokens, prediction, limit, fits, offers };
  };
  const largest = Math.max(needed.training.tokens, needed.pretraining?.tokens ?? 0);
  const uncut = await tried(recipe.checkpointing === "on", Infinity);
  const bindable = Math.max(1, Math.floor(largestBinding / (uncut.widestPerToken * STEP))) * STEP;
  const most = bindable < largest ? bindable : Infinity;
  const whole = most === Infinity ? uncut : await tried(uncut.checkpointing, most);
  if (whole.fits) return fitOf(whole);
  const checkpointing = recipe.checkpointing !== "off";
  let top = whole;
  if (!whole.checkpointing && checkpointing) {
    top = await tried(true, most);
    if (top.fits) return fitOf(top);
  }
  let [low, high] = [Math.ceil(needed.longest / STEP), Math.ceil(Math.min(largest, bindable) / STEP) - 1];
  if (low > high) return fitOf(top);
  let best = await tried(checkpointing, low * STEP);
  if (!best.fits) return fitOf(best);
  // Memory is nearly linear in tokens: interpolation finds the place in a few turns, halving where it does not.
  let slope = (top.prediction.activations - best.prediction.activations) / (high + 1 - low);
  for (let turn = 0; low < high; turn++) {
    const interpolated = low + Math.floor((limit - best.prediction.total) / Math.max(1, slope));
    const guess = turn < MOST_INTERPOLATED ? interpolated : Math.ceil((low + high) / 2);
    const middle = Math.min(high, Math.max(low + 1, guess));
    const next = await tried(checkpointing, middle * STEP);
    slope = (next.prediction.total - best.prediction.total) / (middle - low);
    if (next.fits) [best, low] = [next, middle];
    else high = middle - 1;
  }
  return fitOf(best);
}

/** The rank that is offered: peft's own default. */
const OFFERED_RANK = 8;

/** The recipe with one of the changes; null where the recipe has it already. */
const changed: Record<MemoryChange, (recipe: Recipe) => Recipe | null> = {
  checkpointing: (recipe) => (recipe.checkpointing === "off" ? { ...recipe, checkpointing: "on" } : null),
  frozenEmbeddings: ({ frozen, ...recipe }) =>
    recipe.loraRank > 0 || frozen.includes("embeddings.") ? null : { ...recipe, frozen: [...frozen, "embeddings."] },
  lowRank: (recipe) => (recipe.loraRank > 0 ? null : { ...recipe, loraRank: OFFERED_RANK }),
};
const CHANGES = ["checkpointing", "frozenEmbeddings", "lowRank"] as const;

/** The changes of a recipe, one at a time, with which a run of these batches stays below the limit. */
async function offersFor(run: PlannedRun, capacity: RunCapacity, limit: number): Promise<MemoryOffer[]> {
  const offers: MemoryOffer[] = [];
  for (const change of CHANGES) {
    const recipe = changed[change](run.recipe);
    if (!recipe) continue;
    try {
      const { prediction } = await predictMemory({ ...run, recipe }, capacity, recipe.checkpointing !== "off");
      if (prediction.total <= limit) offers.push({ change, total: prediction.total });
    } catch (error) {
      // A recipe that cannot be, e.g. LoRA with a moving average, is not offered.
      if (!(error instanceof Problem)) throw error;
    }
  }
  return offers;
}

/** The largest batches where micro-batches have up to `mostTokens` tokens. */
export function cutCapacity(needed: CapacityNeeded, mostTokens: number): RunCapacity {
  const { training, pretraining, longest } = needed;
  const tokensOf = (tokens: number) => Math.ceil(Math.min(tokens, Math.max(mostTokens, longest)) / STEP) * STEP;
  const cut = (capacity: StepCapacity): StepCapacity => {
    const tokens = tokensOf(capacity.tokens);
    const places = Math.ceil((capacity.places * tokens) / Math.max(tokens, capacity.tokens));
    const microBatches = mostTokens < capacity.tokens ? Math.max(2, capacity.microBatches) : capacity.microBatches;
    return { ...capacity, tokens, places, microBatches };
  };
  return { ...needed, training: cut(training), pretraining: pretraining && cut(pretraining) };
}
