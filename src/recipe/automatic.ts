import type { Recipe } from "./recipe.ts";

/** The fields that are computed from model and data until a person sets them. */
export const automaticFields = ["learningRate", "epochs"] as const;

export type AutomaticField = (typeof automaticFields)[number];

export function isAutomaticField(name: string): name is AutomaticField {
  return automaticFields.some((field) => field === name);
}

/** What the automatic fields follow from; null while not known. */
export interface AutomaticFacts {
  hiddenSize: number | null;
  trainRows: number | null;
}

/** The recipe with its automatic fields filled in, and why each has its value. */
interface AutomaticRecipe {
  recipe: Recipe;
  /** One clause for each automatic field whose facts are known, e.g. "the model's hidden size is 384". */
  reasons: Partial<Record<AutomaticField, string>>;
}

/** Small models need higher rates; each entry holds below a hidden size. */
const ratesBelow = [
  { hiddenSize: 512, rate: 1e-4 },
  { hiddenSize: 768, rate: 5e-5 },
  { hiddenSize: 1024, rate: 3e-5 },
  { hiddenSize: Infinity, rate: 2e-5 },
] as const;

const LEAST_STEPS = 300;
const FEWEST_EPOCHS = 3;
const MOST_EPOCHS = 20;

/** The rule of each field, for people. */
export const automaticRules: Record<AutomaticField, string> = {
  learningRate: "1e-4 below a hidden size of 512, 5e-5 below 768, 3e-5 to 1,023, 2e-5 above",
  epochs: `${FEWEST_EPOCHS} to ${MOST_EPOCHS}, as many as make at least ${LEAST_STEPS} steps`,
};

/**
 * Fills in the fields named in `automatic`: the learning rate by the model's hidden size, and 3 to 20 epochs, as many
 * as make at least 300 steps at the recipe's batch size. A field whose facts are not known keeps its value.
 */
export function withAutomatic(
  recipe: Recipe,
  automatic: readonly AutomaticField[],
  { hiddenSize, trainRows }: AutomaticFacts,
): AutomaticRecipe {
  const changes: Partial<Pick<Recipe, AutomaticField>> = {};
  const reasons: AutomaticRecipe["reasons"] = {};
  if (automatic.includes("learningRate") && hiddenSize !== null) {
    changes.learningRate = automaticRate(hiddenSize);
    reasons.learningRate = `the model's hidden size is ${hiddenSize}`;
  }
  if (automatic.includes("epochs") && trainRows !== null && trainRows > 0) {
    const perEpoch = Math.ceil(trainRows / recipe.batchSize);
    changes.epochs = automaticEpochs(perEpoch);
    reasons.epochs = epochsReason(trainRows, perEpoch);
  }
  const same = automaticFields.every((field) => changes[field] === undefined || changes[field] === recipe[field]);
  return { recipe: same ? recipe : { ...recipe, ...changes }, reasons };
}

function automaticRate(hiddenSize: number): number {
  return ratesBelow.find((entry) => hiddenSize < entry.hiddenSize)?.rate ?? 2e-5;
}

function automaticEpochs(stepsPerEpoch: number): number {
  return Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, Math.ceil(LEAST_STEPS / stepsPerEpoch)));
}

function epochsReason(trainRows: number, stepsPerEpoch: number): string {
  const make =
    `${trainRows} training ${trainRows === 1 ? "row makes" : "rows make"} ` +
    `${stepsPerEpoch} ${stepsPerEpoch === 1 ? "step" : "steps"} per epoch`;
  const wanted = LEAST_STEPS / stepsPerEpoch;
  if (wanted > MOST_EPOCHS) return `${make}, and automatic epochs end at ${MOST_EPOCHS}`;
  if (wanted <= FEWEST_EPOCHS) return `${make}, and ${FEWEST_EPOCHS} epochs are the fewest`;
  return `${make}, and a run should have at least ${LEAST_STEPS} steps`;
}
