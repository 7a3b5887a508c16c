import * as v from "valibot";

/** Newest version of the recipe file. A file of an older version is migrated, of a newer one refused. */
export const RECIPE_VERSION = 1;

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Everything that decides a run, as one JSON object. Field names are those of the file. */
export const recipeSchema = v.strictObject({
  version: v.literal(RECIPE_VERSION),
  learningRate: positive,
  epochs: v.pipe(positive, v.maxValue(1000)),
  /** Rows of one optimizer step. */
  rowsPerStep: v.pipe(count, v.maxValue(4096)),
  /** Micro-batches a step is cut into; the gradient is that of the whole step. */
  accumulate: v.pipe(count, v.maxValue(4096)),
  /** Tokens of a row, special tokens included; longer rows are truncated. */
  maxLength: v.pipe(count, v.minValue(3), v.maxValue(8192)),
  schedule: v.picklist(["linear", "cosine"]),
  /** Share of the steps over which the rate rises from 0. */
  warmupShare: share,
  weightDecay: v.pipe(v.number(), v.finite(), v.minValue(0)),
  maxGradientNorm: positive,
  /** Dropout of hidden states, attention and classifier alike; null takes the checkpoint's config. */
  dropout: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(0.95))),
  labelSmoothing: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  /** Weight of each class by label name, "balanced" (inverse frequency), or null for none. */
  classWeights: v.nullable(v.union([v.literal("balanced"), v.record(v.string(), positive)])),
  /** Parameter-name prefixes that do not train, e.g. "embeddings." or "encoder.layer.0.". */
  frozen: v.array(v.pipe(v.string(), v.minLength(1))),
  /** Factor on the rate from each layer to the one below; 1 is one rate for all. */
  layerDecay: v.pipe(positive, v.maxValue(1)),
  beta1: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  beta2: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  epsilon: positive,
  /** Share of the rows held out for validation when no validation file is given. */
  validationShare: v.pipe(v.number(), v.gtValue(0), v.maxValue(0.9)),
  /** Evaluations on the fixed sample in each epoch; 0 for none. */
  evaluationsPerEpoch: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
  /** Rows of the fixed sample. */
  evaluationSample: v.pipe(count, v.maxValue(100000)),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
});

export type Recipe = v.InferOutput<typeof recipeSchema>;

/** Devlin et al. 2019, appendix A.3, and Hugging Face's run_glue.py: works untouched for most data. */
export const defaultRecipe: Recipe = {
  version: RECIPE_VERSION,
  learningRate: 2e-5,
  epochs: 3,
  rowsPerStep: 16,
  accumulate: 1,
  maxLength: 128,
  schedule: "linear",
  warmupShare: 0.1,
  weightDecay: 0.01,
  maxGradientNorm: 1,
  dropout: null,
  labelSmoothing: 0,
  classWeights: null,
  frozen: [],
  layerDecay: 1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  validationShare: 0.2,
  evaluationsPerEpoch: 10,
  evaluationSample: 256,
  seed: 42,
};
