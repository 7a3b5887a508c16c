import type { RecipeField } from "./explanations.ts";
import type { Recipe } from "./recipe.ts";

/** Of a field that only matters where another one has a certain value: that other field, while it has not. */
const silencers: Partial<Record<RecipeField, (recipe: Recipe, hidesWords: boolean) => RecipeField | null>> = {
  pretrainLearningRate: ({ pretrainEpochs }) => unless(pretrainEpochs > 0, "pretrainEpochs"),
  maskShare: ({ pretrainEpochs }, hidesWords) => unless(pretrainEpochs > 0 || hidesWords, "pretrainEpochs"),
  wholeWordMasking: ({ pretrainEpochs }, hidesWords) => unless(pretrainEpochs > 0 || hidesWords, "pretrainEpochs"),
  ewcRows: ({ ewc }) => unless(ewc > 0, "ewc"),
  loraAlpha: ({ loraRank }) => unless(loraRank > 0, "loraRank"),
  loraDropout: ({ loraRank }) => unless(loraRank > 0, "loraRank"),
  loraTargets: ({ loraRank }) => unless(loraRank > 0, "loraRank"),
  warmupShare: ({ schedule, warmupSteps }) =>
    unless(schedule !== "constant", "schedule") ?? unless(warmupSteps === null, "warmupSteps"),
  warmupSteps: ({ schedule }) => unless(schedule !== "constant", "schedule"),
  scheduleCycles: ({ schedule }) => unless(schedule === "cosine-restarts", "schedule"),
  schedulePower: ({ schedule }) => unless(schedule === "polynomial", "schedule"),
  plateauPatience: ({ schedule }) => unless(schedule === "plateau", "schedule"),
  plateauFactor: ({ schedule }) => unless(schedule === "plateau", "schedule"),
  maxGradientNorm: ({ clipping }) => unless(clipping === "norm", "clipping"),
  maxGradientValue: ({ clipping }) => unless(clipping === "value", "clipping"),
  leastGain: ({ earlyStopping }) => unless(earlyStopping > 0, "earlyStopping"),
  averageCount: ({ average }) => unless(average !== "none", "average"),
};

function unless(matters: boolean, silencer: RecipeField): RecipeField | null {
  return matters ? null : silencer;
}

/**
 * The field whose value leaves this one nothing to do, itself one that does something; null where none does.
 * `hidesWords`: the earlier task is to fill in masked words of plain texts.
 */
export function silencedBy(field: RecipeField, recipe: Recipe, hidesWords: boolean): RecipeField | null {
  return silencers[field]?.(recipe, hidesWords) ?? null;
}

/** Whether a field does anything in this recipe; the page shows only those that do. */
export function isRelevant(field: RecipeField, recipe: Recipe, hidesWords: boolean): boolean {
  return silencedBy(field, recipe, hidesWords) === null;
}
