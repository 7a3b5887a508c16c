import type { ModelSizes } from "../model/config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import {
  predictMemory,
  type MemoryPrediction,
  type MemorySettings,
  type RunRoom,
  type StepRoom,
} from "./predict-memory.ts";

/** What the largest batches of a run come to, before anything is cut. */
export interface RoomNeeded extends RunRoom {
  /** Tokens of the longest row of any kind: no batch can have less. */
  longest: number;
}

/** How a step was made to fit, and what a run then takes. */
export interface MemoryFit {
  checkpointing: boolean;
  /** Tokens of a micro-batch, at most; Infinity where nothing was cut. */
  mostTokens: number;
  prediction: MemoryPrediction;
  /** Bytes that the recipe allows. */
  limit: number;
  /** False where not even the smallest parts stay below it. */
  fits: boolean;
}

/** Tokens of a batch on the device are a multiple of this. */
const STEP = 64;
const GIGABYTE = 1e9;

/**
 * Makes a run stay below its recipe's memory limit: as it is if that does; else with checkpointing, if the recipe
 * leaves it open, since it changes no number; else in micro-batches, as large as may be. A run that does not even fit
 * in its smallest parts is left so: the limit is a person's guess, and the GPU has the last word. No micro-batch has
 * more tokens than a shader of the device can bind the widest activation of.
 *
 * @param largestBinding bytes that a shader can bind at once
 */
export function fitToMemory(
  sizes: ModelSizes,
  recipe: MemorySettings & Pick<Recipe, "checkpointing" | "memoryLimit">,
  classes: number,
  needed: RoomNeeded,
  largestBinding = Infinity,
): MemoryFit {
  const limit = recipe.memoryLimit * GIGABYTE;
  const tried = (checkpointing: boolean, mostTokens: number): MemoryFit => {
    const room = cutRoom(needed, mostTokens);
    const prediction = predictMemory(sizes, recipe, classes, room, checkpointing);
    return { checkpointing, mostTokens, prediction, limit, fits: prediction.total <= limit };
  };
  const largest = Math.max(needed.training.tokens, needed.pretraining?.tokens ?? 0);
  const bindable = bindableTokens(sizes, largestBinding);
  const most = bindable < largest ? bindable : Infinity;
  const whole = tried(recipe.checkpointing === "on", most);
  if (whole.fits) return whole;
  const checkpointing = recipe.checkpointing !== "off";
  if (!whole.checkpointing && checkpointing) {
    const checkpointed = tried(true, most);
    if (checkpointed.fits) return checkpointed;
  }
  let [low, high] = [Math.ceil(needed.longest / STEP), Math.ceil(Math.min(largest, bindable) / STEP) - 1];
  if (low > high) return checkpointing ? tried(true, most) : whole;
  let best = tried(checkpointing, low * STEP);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const next = tried(checkpointing, middle * STEP);
    if (next.fits) [best, low] = [next, middle];
    else high = middle - 1;
  }
  return best;
}

/** Tokens whose widest activation, of the feed-forward part or query, key and value, a shader can bind at once. */
function bindableTokens({ hiddenSize, intermediateSize }: ModelSizes, largestBinding: number): number {
  const widest = Math.max(intermediateSize, 3 * hiddenSize);
  return Math.max(1, Math.floor(largestBinding / (4 * widest * STEP))) * STEP;
}

/** The largest batches when micro-batches have so many tokens at most. */
function cutRoom(needed: RoomNeeded, mostTokens: number): RunRoom {
  const { training, pretraining, earlier, keepsFeatures, longest } = needed;
  const tokensOf = (tokens: number) => Math.ceil(Math.min(tokens, Math.max(mostTokens, longest)) / STEP) * STEP;
  const cut = (room: StepRoom): StepRoom => {
    const tokens = tokensOf(room.tokens);
    const places = Math.ceil((room.places * tokens) / Math.max(tokens, room.tokens));
    const microBatches = mostTokens < room.tokens ? Math.max(2, room.microBatches) : room.microBatches;
    return { ...room, tokens, places, microBatches };
  };
  return { training: cut(training), pretraining: pretraining && cut(pretraining), earlier, keepsFeatures };
}
