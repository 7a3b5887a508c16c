import * as v from "valibot";

/** Newest version of the recipe file. A file of an older version is migrated, of a newer one refused. */
export const RECIPE_VERSION = 2;

export const schedules = [
  "linear",
  "cosine",
  "cosine-restarts",
  "constant",
  "constant-warmup",
  "polynomial",
  "inverse-sqrt",
  "slanted-triangular",
  "plateau",
] as const;

export const metrics = ["macroF1", "accuracy", "weightedF1", "matthews", "logLoss"] as const;

export const checkpointings = ["auto", "on", "off"] as const;

/** The matrices of a layer that LoRA can stand beside. */
export const loraTargets = ["query", "key", "value", "attentionOutput", "intermediate", "output"] as const;

const number = v.pipe(v.number(), v.finite());
const positive = v.pipe(number, v.gtValue(0));
const notNegative = v.pipe(number, v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const belowOne = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const countOrNone = v.pipe(v.number(), v.integer(), v.minValue(0));
/**
 * An object of positive numbers. Valibot's own record leaves out keys such as "constructor" and "__proto__", which
 * labels can be called.
 */
const weightsByName = v.pipe(
  v.custom<Record<string, number>>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((weight) => typeof weight === "number"),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    for (const [key, value] of Object.entries(input)) {
      if (v.is(positive, value)) continue;
      const path = [{ type: "object", origin: "value", input, key, value }] as const;
      addIssue({ message: "not above 0", expected: ">0", received: String(value), path: [...path] });
    }
  }),
);
const dropout = v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(0.95)));

/** Everything that decides a run, as one JSON object. Field names are those of the file. */
export const recipeSchema = v.strictObject({
  version: v.literal(RECIPE_VERSION),
  learningRate: positive,
  epochs: v.pipe(positive, v.maxValue(1000)),
  /** Rows of one optimizer step. */
  rowsPerStep: v.pipe(count, v.maxValue(4096)),
  /** Tokens of a row, special tokens included; longer rows are truncated. */
  maxLength: v.pipe(count, v.minValue(3), v.maxValue(8192)),

  /** Where the weights come from; "random" keeps config and tokenizer alone. */
  start: v.picklist(["checkpoint", "random"]),
  /** What the classifier sees of a row. */
  pooling: v.picklist(["pooler", "cls", "mean", "mean-last-4"]),
  /** Parameter-name prefixes that do not train, e.g. "embeddings." or "encoder.layer.0.". */
  frozen: v.array(v.pipe(v.string(), v.minLength(1))),
  /** One layer group more trains with each epoch, from the top. */
  gradualUnfreezing: v.boolean(),
  /** Top layers (and the pooler) that start from random weights. */
  reinitializeLayers: v.pipe(countOrNone, v.maxValue(1000)),
  /** Rank of LoRA's matrices; 0 trains the weights themselves. */
  loraRank: v.pipe(countOrNone, v.maxValue(256)),
  loraAlpha: positive,
  loraDropout: v.pipe(v.number(), v.minValue(0), v.maxValue(0.95)),
  loraTargets: v.pipe(v.array(v.picklist(loraTargets)), v.minLength(1)),

  /** Epochs of masked language modelling before the fine-tuning; 0 is none. */
  pretrainEpochs: v.pipe(notNegative, v.maxValue(1000)),
  pretrainLearningRate: positive,
  /** Share of a row's tokens that the language model is asked for. */
  maskShare: v.pipe(positive, v.maxValue(1)),
  /** All pieces of a word are masked together. */
  wholeWordMasking: v.boolean(),

  schedule: v.picklist(schedules),
  /** Share of the steps over which the rate rises from 0. */
  warmupShare: share,
  /** Steps of the warm-up; null takes the share. */
  warmupSteps: v.nullable(v.pipe(countOrNone, v.maxValue(1e9))),
  /** Falls of "cosine-restarts". */
  scheduleCycles: v.pipe(count, v.maxValue(1000)),
  /** Exponent of "polynomial". */
  schedulePower: positive,
  /** Evaluations without a lower validation loss before "plateau" lowers the rate. */
  plateauPatience: v.pipe(countOrNone, v.maxValue(1000)),
  /** What "plateau" multiplies the rate by. */
  plateauFactor: v.pipe(positive, v.ltValue(1)),
  /** Factor on the rate from each layer to the one below; 1 is one rate for all. */
  layerDecay: v.pipe(positive, v.maxValue(1)),

  weightDecay: notNegative,
  /** Dropout rates; null takes the checkpoint's config. */
  hiddenDropout: dropout,
  attentionDropout: dropout,
  classifierDropout: dropout,
  labelSmoothing: belowOne,
  /** Weight of R-Drop's divergence between two passes; 0 is one pass. */
  rDrop: notNegative,
  /** Strength of the pull back to the starting weights; 0 is none. */
  l2sp: notNegative,
  clipping: v.picklist(["norm", "value"]),
  maxGradientNorm: positive,
  /** Largest element of a gradient where `clipping` is "value". */
  maxGradientValue: positive,

  /** Strength of elastic weight consolidation; 0 is none. */
  ewc: notNegative,
  /** Rows of the earlier task whose squared gradients tell which weights it needs. */
  ewcRows: v.pipe(count, v.maxValue(100000)),
  /** Rows of the earlier task in each step, as a share of the new rows; 0 is none. */
  rehearsal: v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)),

  /** The metric that decides which weights are best, and that early stopping watches. */
  bestBy: v.picklist(metrics),
  /** Full evaluations without gain before the run stops; 0 never stops early. */
  earlyStopping: v.pipe(countOrNone, v.maxValue(1000)),
  /** Least gain of the metric that early stopping counts. */
  leastGain: notNegative,
  /** Decay of the moving average of the weights; 0 is none. */
  ema: belowOne,
  /** Checkpoints whose mean becomes the last weights. */
  average: v.picklist(["none", "last", "best"]),
  averageCount: v.pipe(count, v.minValue(2), v.maxValue(100)),

  /** Weight of each class by label name, "balanced" (inverse frequency), or null for none. */
  classWeights: v.nullable(v.union([v.literal("balanced"), weightsByName])),
  /** Share of the rows held out for validation when no validation file is given. */
  validationShare: v.pipe(v.number(), v.gtValue(0), v.maxValue(0.9)),
  /** Evaluations on the fixed sample in each epoch; 0 for none. */
  evaluationsPerEpoch: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
  /** Rows of the fixed sample. */
  evaluationSample: v.pipe(count, v.maxValue(100000)),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),

  /** Micro-batches a step is cut into; the gradient is that of the whole step. */
  accumulate: v.pipe(count, v.maxValue(4096)),
  /** Keeps each layer's input alone for the backward pass; "auto" does where a step would go beyond `memoryLimit`. */
  checkpointing: v.picklist(checkpointings),
  /** GB (10⁹ bytes) that a run may take on the GPU by its prediction; a step is cut up to stay below. */
  memoryLimit: v.pipe(positive, v.maxValue(1024)),
  beta1: belowOne,
  beta2: belowOne,
  epsilon: positive,
  /** Adam's correction of its moments' start at 0; BERT's first code left it out. */
  biasCorrection: v.boolean(),
});

export type Recipe = v.InferOutput<typeof recipeSchema>;

/**
 * The values of fields that a recipe file leaves out (Devlin et al. 2019, appendix A.3, and Hugging Face's
 * run_glue.py). Without a recipe of a person's own, `withAutomatic` replaces learning rate and epochs.
 */
export const defaultRecipe: Recipe = {
  version: RECIPE_VERSION,
  learningRate: 2e-5,
  epochs: 3,
  rowsPerStep: 16,
  maxLength: 128,
  start: "checkpoint",
  pooling: "pooler",
  frozen: [],
  gradualUnfreezing: false,
  reinitializeLayers: 0,
  loraRank: 0,
  loraAlpha: 16,
  loraDropout: 0,
  loraTargets: ["query", "value"],
  pretrainEpochs: 0,
  pretrainLearningRate: 5e-5,
  maskShare: 0.15,
  wholeWordMasking: false,
  schedule: "linear",
  warmupShare: 0.1,
  warmupSteps: null,
  scheduleCycles: 1,
  schedulePower: 1,
  plateauPatience: 1,
  plateauFactor: 0.5,
  layerDecay: 1,
  weightDecay: 0.01,
  hiddenDropout: null,
  attentionDropout: null,
  classifierDropout: null,
  labelSmoothing: 0,
  rDrop: 0,
  l2sp: 0,
  clipping: "norm",
  maxGradientNorm: 1,
  maxGradientValue: 0.5,
  ewc: 0,
  ewcRows: 200,
  rehearsal: 0,
  bestBy: "macroF1",
  earlyStopping: 0,
  leastGain: 0,
  ema: 0,
  average: "none",
  averageCount: 3,
  classWeights: null,
  validationShare: 0.2,
  evaluationsPerEpoch: 10,
  evaluationSample: 256,
  seed: 42,
  accumulate: 1,
  checkpointing: "auto",
  memoryLimit: 4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  biasCorrection: true,
};
