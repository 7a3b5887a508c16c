// What scripts/studies/recipes/study.mjs compares: the presets, and single changes to the first of them.

/**
 * @typedef {{ name: string, words: string, set: string[] }} Way
 */

/** The presets of src/recipe/presets.ts, unchanged; "fine-tuning" is Classic. @type {Way[]} */
export const presetWays = [
  "fine-tuning",
  "feature-extraction",
  "few-rows",
  "gentle",
  "full-retraining",
  "lora",
  "continued-pretraining",
].map((name) => ({ name, words: name, set: [] }));

/** @param {string} name @param {string} words @param {...string} set */
const method = (name, words, ...set) => ({ name, words, set });

const lower = ["embeddings.", ...[0, 1, 2].map((layer) => `encoder.layer.${layer}.`)];

/** Fine-tuning with one thing changed. @type {Way[]} */
export const methodWays = [
  method("mean", "mean over the tokens", "pooling=mean"),
  method("rate", "a rate five times as high", "learningRate=1e-4"),
  method("frozen", "lower half frozen", `frozen=${JSON.stringify(lower)}`),
  method("r-drop", "R-Drop", "rDrop=1"),
  method("smoothing", "label smoothing", "labelSmoothing=0.1"),
  method("reinitialized", "top layer re-initialized", "reinitializeLayers=1"),
  method("layer-rates", "layer-wise rates", "layerDecay=0.8"),
  method("average-last", "mean of the last three epochs", "average=last"),
  method("ema", "moving average", "ema=0.9"),
  method("l2sp", "L2-SP", "l2sp=0.01", "weightDecay=0"),
  method("cls", "[CLS] itself", "pooling=cls"),
  method("mean-last-4", "mean of the last four layers", "pooling=mean-last-4"),
  method("epochs", "twice the epochs", "epochs=6"),
  method("cosine", "cosine schedule", "schedule=cosine"),
  method("average-best", "mean of the best three epochs", "average=best"),
  method("twelve-epochs", "four times the epochs", "epochs=12"),
  method("early-stopping", "up to 40 epochs, early stopping", "epochs=40", "earlyStopping=2"),
  method("unfreezing", "gradual unfreezing over 8 epochs", "epochs=8", "gradualUnfreezing=true"),
  method("dropout", "hidden dropout doubled", "hiddenDropout=0.2"),
  method("uncorrected", "no bias correction", "biasCorrection=false"),
];

/** The two data sets; single methods are measured only on the first. */
export const sets = [
  { name: "sst2", words: "SST-2, film sentences" },
  { name: "sms", words: "SMS Spam, text messages" },
];
