import { picked, type Recipe } from "../recipe/recipe.ts";
import type { ScheduleSettings } from "./schedule.ts";
import type { Rates } from "./trainable.ts";

/** What the optimizer takes from the recipe as it is, in fine-tuning and in pretraining. */
export const optimizerFields = [
  "weightDecay",
  "clipping",
  "maxGradientNorm",
  "maxGradientValue",
  "beta1",
  "beta2",
  "epsilon",
  "biasCorrection",
] as const satisfies readonly (keyof Recipe)[];

/** What the trainer takes from the recipe as it is. */
const trainerFields = [
  ...optimizerFields,
  "learningRate",
  "schedule",
  "scheduleCycles",
  "schedulePower",
  "rDrop",
  "l2sp",
  "frozen",
  "layerDecay",
  "precision",
  "seed",
] as const satisfies readonly (keyof Recipe)[];

/** A recipe made definite for one data set and one model: steps counted, rates of dropout chosen. */
export interface TrainerSettings extends ScheduleSettings, Pick<Recipe, (typeof trainerFields)[number]> {
  /** True where rows of an earlier task are in every step: its classifier trains then. */
  rehearses: boolean;
  rates: Rates;
}

/** How a step is made to fit into memory. */
export interface StepFit {
  /** See `Encoder`. */
  checkpointing: boolean;
  /** Upper limit for the tokens of a micro-batch (a longer row is a micro-batch alone); Infinity cuts nothing. */
  mostTokens: number;
}

/** Steps as in the recipe, whatever memory they need. */
export function unfitted({ checkpointing }: Pick<Recipe, "checkpointing">): StepFit {
  return { checkpointing: checkpointing === "on", mostTokens: Infinity };
}

/** Adam at a constant rate, without decay, clipping, dropout or any other method. */
export function plainSettings(learningRate: number): TrainerSettings {
  return {
    learningRate,
    schedule: "constant",
    warmupSteps: 0,
    steps: 1,
    scheduleCycles: 1,
    schedulePower: 1,
    weightDecay: 0,
    clipping: "norm",
    maxGradientNorm: 1e30,
    maxGradientValue: 1e30,
    rDrop: 0,
    l2sp: 0,
    rehearses: false,
    frozen: [],
    layerDecay: 1,
    precision: "float32",
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    biasCorrection: true,
    rates: { hidden: 0, attention: 0, classifier: 0 },
    seed: 0,
  };
}

/** Number of steps per epoch of `rows` rows and per run; `maxSteps` cuts the run and its schedule short. */
export function countSteps(recipe: Recipe, rows: number, maxSteps?: number) {
  const stepsPerEpoch = Math.ceil(rows / recipe.batchSize);
  const planned = Math.max(1, Math.ceil(recipe.epochs * stepsPerEpoch));
  return { stepsPerEpoch, steps: Math.min(planned, maxSteps ?? planned) };
}

/** What the trainer takes of a recipe for a run of `steps`; dropout rates of the config where the recipe has none. */
export function settingsOf(recipe: Recipe, steps: number, configRates: Rates): TrainerSettings {
  return {
    ...picked(recipe, trainerFields),
    warmupSteps: recipe.warmupSteps ?? Math.ceil(recipe.warmupShare * steps),
    steps,
    rehearses: recipe.rehearsal > 0,
    rates: {
      hidden: recipe.hiddenDropout ?? configRates.hidden,
      attention: recipe.attentionDropout ?? configRates.attention,
      classifier: recipe.classifierDropout ?? configRates.classifier,
      ...(recipe.loraRank > 0 && { lowRank: recipe.loraDropout }),
    },
  };
}
