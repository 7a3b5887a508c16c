import { picked, type Recipe } from "../recipe/recipe.ts";
import { Problem } from "../problem/problem.ts";
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
  "labelSmoothing",
  "rDrop",
  "l2sp",
  "frozen",
  "layerDecay",
  "seed",
] as const satisfies readonly (keyof Recipe)[];

/** A recipe made definite for one data set and one model: steps counted, weights by class index. */
export interface TrainerSettings extends ScheduleSettings, Pick<Recipe, (typeof trainerFields)[number]> {
  /** True where rows of an earlier task are in every step: its classifier trains then. */
  rehearses: boolean;
  /** One a class; all 1 for none. */
  classWeights: Float32Array;
  rates: Rates;
}

/** How a step is made to fit into memory. */
export interface StepFit {
  /** See `Encoder`. */
  checkpointing: boolean;
  /** Tokens of a micro-batch, at most (a longer row stands alone); Infinity cuts nothing. */
  mostTokens: number;
}

/** A step as the recipe has it, whatever memory it takes. */
export function unfitted({ checkpointing }: Pick<Recipe, "checkpointing">): StepFit {
  return { checkpointing: checkpointing === "on", mostTokens: Infinity };
}

/** Adam alone, at a rate that stays: no decay, clipping, dropout or other method, of which each can be put in. */
export function plainSettings(learningRate: number, classes: number): TrainerSettings {
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
    labelSmoothing: 0,
    rDrop: 0,
    l2sp: 0,
    rehearses: false,
    classWeights: new Float32Array(classes).fill(1),
    frozen: [],
    layerDecay: 1,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    biasCorrection: true,
    rates: { hidden: 0, attention: 0, classifier: 0 },
    seed: 0,
  };
}

/** Steps of an epoch and of a run; `maxSteps` cuts the run and its schedule short. */
export function countSteps(recipe: Recipe, trainRows: number, maxSteps?: number) {
  const stepsPerEpoch = Math.ceil(trainRows / recipe.batchSize);
  const planned = Math.max(1, Math.ceil(recipe.epochs * stepsPerEpoch));
  return { stepsPerEpoch, steps: Math.min(planned, maxSteps ?? planned) };
}

/** Throws a Problem when a class weight names no class of the data. */
export function settingsOf(
  recipe: Recipe,
  steps: number,
  labelNames: readonly string[],
  labels: Int32Array,
  configRates: Rates,
): TrainerSettings {
  return {
    ...picked(recipe, trainerFields),
    warmupSteps: recipe.warmupSteps ?? Math.ceil(recipe.warmupShare * steps),
    steps,
    rehearses: recipe.rehearsal > 0,
    classWeights: classWeightsOf(recipe.classWeights, labelNames, labels),
    rates: {
      hidden: recipe.hiddenDropout ?? configRates.hidden,
      attention: recipe.attentionDropout ?? configRates.attention,
      classifier: recipe.classifierDropout ?? configRates.classifier,
      ...(recipe.loraRank > 0 && { lowRank: recipe.loraDropout }),
    },
  };
}

/** "balanced" is scikit-learn's: rows / (classes · rows of the class). */
function classWeightsOf(
  weights: Recipe["classWeights"],
  labelNames: readonly string[],
  labels: Int32Array,
): Float32Array {
  if (weights === null) return new Float32Array(labelNames.length).fill(1);
  if (weights === "balanced") {
    const counts = new Float32Array(labelNames.length);
    for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
    return counts.map((count) => (count > 0 ? labels.length / (labelNames.length * count) : 1));
  }
  const byName = new Map(Object.entries(weights));
  const classes = new Set(labelNames);
  const unknown = [...byName.keys()].find((name) => !classes.has(name));
  if (unknown !== undefined) {
    throw new Problem({
      found: `The recipe has a class weight for “${unknown}”.`,
      expected: `The classes of the data are ${labelNames.slice(0, 20).join(", ")}.`,
      remedy: "Name the weights after classes of the data, or remove them.",
    });
  }
  return Float32Array.from(labelNames, (name) => byName.get(name) ?? 1);
}
