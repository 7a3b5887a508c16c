import { fieldNames, fields } from "./fields.ts";
import { sameChoices } from "./automatic.ts";
import { automaticFields } from "./automatic-fields.ts";
import { defaultRecipe, untouchedRecipe, type Recipe } from "./recipe.ts";

/** A way to train, as a recipe that a person can change. */
interface Preset {
  name: string;
  title: string;
  /** One sentence: what it does and when to take it. */
  what: string;
  source: string;
  /** What differs from the defaults. */
  changes: Partial<Recipe>;
}

export const presets: readonly Preset[] = [
  {
    name: "classic",
    title: "Classic",
    what: "All weights train for three epochs at 2e-5: for models with a hidden size of 768 and more, and thousands of rows.",
    source: "Devlin et al. 2019, BERT",
    changes: { learningRate: 2e-5, epochs: 3 },
  },
  {
    name: "feature-extraction",
    title: "Feature extraction",
    what: "The encoder stays as it is and is computed once; only the head trains, so an epoch takes seconds.",
    source: "Peters et al. 2019, To Tune or Not to Tune?",
    changes: { frozen: ["embeddings.", "encoder."], learningRate: 1e-3, epochs: 20, evaluationsPerEpoch: 1 },
  },
  {
    name: "few-rows",
    title: "Few rows",
    what: "For fewer than a thousand rows: re-initialized top layers, a longer warm-up, many more epochs, corrected Adam.",
    source: "Mosbach et al. 2021; Zhang et al. 2021, Revisiting Few-sample BERT Fine-tuning",
    changes: { reinitializeLayers: 2, warmupShare: 0.2, epochs: 20, biasCorrection: true, evaluationsPerEpoch: 1 },
  },
  {
    name: "gentle",
    title: "Gentle",
    what: "Lower layers move less and join later: discriminative rates, a slanted triangle, gradual unfreezing.",
    source: "Howard and Ruder 2018, ULMFiT",
    changes: { schedule: "slanted-triangular", layerDecay: 0.8, gradualUnfreezing: true, epochs: 8 },
  },
  {
    name: "full-retraining",
    title: "Full retraining",
    what: "Weights start at random with the checkpoint's sizes: for very many rows, or to see what pretraining is worth.",
    source: "Devlin et al. 2019, BERT",
    changes: { start: "random", learningRate: 1e-4, epochs: 10 },
  },
  {
    name: "lora",
    title: "LoRA",
    what: "Low-rank matrices train beside frozen weights: little memory, a small file, and the model hardly drifts.",
    source: "Hu et al. 2021, LoRA",
    changes: { loraRank: 8, loraAlpha: 16, loraDropout: 0.05, learningRate: 5e-4 },
  },
  {
    name: "continued-pretraining",
    title: "Continued pretraining",
    what: "First learns to predict masked words of your own texts, then fine-tunes: for texts unlike everyday prose.",
    source: "Gururangan et al. 2020, Don't Stop Pretraining",
    changes: { pretrainEpochs: 3 },
  },
];

/**
 * The recipe of a preset (the defaults with its changes), with the fields of data and machine taken from `recipe`, where
 * they stay automatic if they were; LoRA's targets are automatic, as they depend on the model, and all others are as the
 * preset has them.
 */
export function withPreset(recipe: Recipe, preset: Pick<Preset, "changes">): Recipe {
  const kept = fieldNames.filter((name) => "ofTheData" in fields[name]);
  const values = Object.fromEntries(kept.map((name) => [name, recipe[name]] as const));
  const automatic = automaticFields.filter(
    (field) => field === "loraTargets" || (kept.includes(field) && recipe.automatic.includes(field)),
  );
  return { ...defaultRecipe, ...preset.changes, ...values, automatic };
}

/** The preset that a recipe equals, or null for a custom recipe. What a preset leaves automatic may be fixed. */
export function presetOf(recipe: Recipe): Preset | null {
  const equals = (preset: Preset) => {
    const own = withPreset(recipe, preset);
    const automatic = own.automatic.filter((field) => recipe.automatic.includes(field));
    return sameChoices({ ...own, automatic }, recipe);
  };
  return presets.find(equals) ?? null;
}

/** Whether a recipe is untouched but for what belongs to the data: all its automatic fields are automatic. */
export function isAutomaticWay(recipe: Recipe): boolean {
  const { automatic } = untouchedRecipe;
  return recipe.automatic.length === automatic.length && sameChoices(automaticWay(recipe), recipe);
}

/** The automatic way to train, with the fields of data and machine taken from `recipe`. */
export function automaticWay(recipe: Recipe): Recipe {
  return { ...withPreset(recipe, { changes: {} }), automatic: untouchedRecipe.automatic };
}
