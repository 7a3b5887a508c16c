import type { Recipe } from "./recipe.ts";

export type RecipeField = Exclude<keyof Recipe, "version">;

/** What a person should know of a field before changing it. */
export interface Explanation {
  label: string;
  /** One sentence: what it does. */
  what: string;
  /** Usual values, and when to leave them. */
  usual: string;
  /** Where the method or the habit comes from. */
  source: string;
}

const devlin = "Devlin et al. 2019, BERT, appendix A.3";
const loshchilov = "Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization";

export const explanations: Record<RecipeField, Explanation> = {
  learningRate: {
    label: "Learning rate",
    what: "How far each step moves the weights, at its peak.",
    usual: "2e-5 to 5e-5; up to 1e-4 for small models or few steps.",
    source: devlin,
  },
  epochs: {
    label: "Epochs",
    what: "How often every training row is seen.",
    usual: "2 to 4; more for fewer than 1,000 rows. Fractions work.",
    source: devlin,
  },
  rowsPerStep: {
    label: "Rows a step",
    what: "Rows whose mean gradient makes one step, also called batch size.",
    usual: "16 or 32.",
    source: devlin,
  },
  maxLength: {
    label: "Max length",
    what: "Tokens of a row that the model reads; the rest is cut off.",
    usual:
      "128 for messages and sentences, 256 to 512 for paragraphs. Short rows cost nothing extra: there is no padding.",
    source: devlin,
  },
  schedule: {
    label: "Schedule",
    what: "How the rate falls to 0 after the warm-up.",
    usual: "Linear; cosine stays high for longer.",
    source: "get_scheduler of Hugging Face transformers",
  },
  warmupShare: {
    label: "Warm-up",
    what: "Share of the steps over which the rate rises from 0.",
    usual: "0.06 to 0.1.",
    source: "Mosbach et al. 2021, On the Stability of Fine-tuning BERT",
  },
  weightDecay: {
    label: "Weight decay",
    what: "Pulls weights towards 0 at each step, biases and LayerNorm excepted.",
    usual: "0.01; 0 to 0.1.",
    source: loshchilov,
  },
  maxGradientNorm: {
    label: "Clip gradients at",
    what: "A step whose gradient is longer than this is shortened to it.",
    usual: "1.",
    source: "Pascanu et al. 2013, On the Difficulty of Training Recurrent Neural Networks",
  },
  dropout: {
    label: "Dropout",
    what: "Share of hidden values set to 0 at random while training; empty takes the checkpoint's own.",
    usual: "0.1.",
    source: "Srivastava et al. 2014, Dropout",
  },
  labelSmoothing: {
    label: "Label smoothing",
    what: "Share of each row's target that is spread over all classes.",
    usual: "0; 0.05 to 0.1 when labels are noisy or probabilities come out too sure.",
    source: "Szegedy et al. 2016, Rethinking the Inception Architecture",
  },
  classWeights: {
    label: "Class weights",
    what: "How much a row of each class counts in the loss.",
    usual: "None; balanced when a rare class is missed too often.",
    source: "King and Zeng 2001; “balanced” as in scikit-learn",
  },
  frozen: {
    label: "Frozen parameters",
    what: "Parameters whose names begin so do not train, which saves time and memory.",
    usual: "None; embeddings and the lower half of the layers when rows are few or the machine is slow.",
    source: "Lee et al. 2019, What Would Elsa Do?",
  },
  layerDecay: {
    label: "Layer-wise rate decay",
    what: "Factor on the rate from each layer to the one below it.",
    usual: "1 (off); 0.8 to 0.95 keeps more of what the lower layers know.",
    source: "Howard and Ruder 2018, ULMFiT; Sun et al. 2019",
  },
  accumulate: {
    label: "Micro-batches a step",
    what: "Cuts a step into parts to save memory; the gradient is the same.",
    usual: "1; 2 or 4 when memory runs out.",
    source: "The same arithmetic, less at a time",
  },
  beta1: {
    label: "Beta 1",
    what: "Memory of the running mean of gradients in AdamW.",
    usual: "0.9.",
    source: loshchilov,
  },
  beta2: {
    label: "Beta 2",
    what: "Memory of the running mean of squared gradients in AdamW.",
    usual: "0.999; 0.98 for short runs.",
    source: loshchilov,
  },
  epsilon: {
    label: "Epsilon",
    what: "Keeps AdamW from dividing by 0.",
    usual: "1e-8; 1e-6 in the first BERT code.",
    source: loshchilov,
  },
  validationShare: {
    label: "Held out",
    what: "Share of the rows kept for validation when there is no second file.",
    usual: "0.1 to 0.2, the same share of each class.",
    source: "Stratified split, as in scikit-learn",
  },
  evaluationsPerEpoch: {
    label: "Evaluations an epoch",
    what: "Looks at a fixed sample of validation rows during an epoch; 0 for none. The whole set is scored at its end.",
    usual: "10.",
    source: "A habit, no method",
  },
  evaluationSample: {
    label: "Rows of the sample",
    what: "Validation rows in each look during an epoch.",
    usual: "256: enough for a trend, not for a result.",
    source: "A habit, no method",
  },
  seed: {
    label: "Seed",
    what: "Decides split, order, dropout and the new classifier; the same seed repeats a run.",
    usual: "Any whole number. Compare several before trusting a small difference.",
    source:
      "Dodge et al. 2020, Fine-Tuning Pretrained Language Models: Weight Initializations, Data Orders, and Early Stopping",
  },
};

/** The fields in the order and the groups of the page; the first group is the one most people touch. */
export const fieldGroups: { title: string; fields: RecipeField[] }[] = [
  { title: "Basics", fields: ["learningRate", "epochs", "rowsPerStep", "maxLength"] },
  { title: "Schedule", fields: ["schedule", "warmupShare", "layerDecay"] },
  { title: "Regularization", fields: ["weightDecay", "dropout", "labelSmoothing", "maxGradientNorm"] },
  { title: "Classes and layers", fields: ["classWeights", "frozen"] },
  { title: "Evaluation and split", fields: ["evaluationsPerEpoch", "evaluationSample", "validationShare", "seed"] },
  { title: "Optimizer and memory", fields: ["accumulate", "beta1", "beta2", "epsilon"] },
];
