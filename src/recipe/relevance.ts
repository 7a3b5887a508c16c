import type { RecipeField } from "./explanations.ts";
import type { Recipe } from "./recipe.ts";

/** Fields that only matter where another one has a certain value. */
const conditions: Partial<Record<RecipeField, (recipe: Recipe) => boolean>> = {
  pretrainLearningRate: ({ pretrainEpochs }) => pretrainEpochs > 0,
  maskShare: ({ pretrainEpochs }) => pretrainEpochs > 0,
  wholeWordMasking: ({ pretrainEpochs }) => pretrainEpochs > 0,
  ewcRows: ({ ewc }) => ewc > 0,
  loraAlpha: ({ loraRank }) => loraRank > 0,
  loraDropout: ({ loraRank }) => loraRank > 0,
  loraTargets: ({ loraRank }) => loraRank > 0,
  warmupShare: ({ schedule, warmupSteps }) => schedule !== "constant" && warmupSteps === null,
  warmupSteps: ({ schedule }) => schedule !== "constant",
  scheduleCycles: ({ schedule }) => schedule === "cosine-restarts",
  schedulePower: ({ schedule }) => schedule === "polynomial",
  plateauPatience: ({ schedule }) => schedule === "plateau",
  plateauFactor: ({ schedule }) => schedule === "plateau",
  maxGradientNorm: ({ clipping }) => clipping === "norm",
  maxGradientValue: ({ clipping }) => clipping === "value",
  leastGain: ({ earlyStopping }) => earlyStopping > 0,
  averageCount: ({ average }) => average !== "none",
};

/** Whether a field does anything in this recipe; the page shows only those that do. */
export function isRelevant(field: RecipeField, recipe: Recipe): boolean {
  return conditions[field]?.(recipe) ?? true;
}
