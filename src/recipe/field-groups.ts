import type { RecipeField } from "./explanations.ts";

/** The fields in the order and the groups of the page; the first group is the one most people touch. */
export const fieldGroups: { title: string; fields: RecipeField[] }[] = [
  { title: "Basics", fields: ["learningRate", "epochs", "rowsPerStep", "maxLength"] },
  { title: "What trains", fields: ["start", "pooling", "frozen", "gradualUnfreezing", "reinitializeLayers"] },
  { title: "LoRA", fields: ["loraRank", "loraAlpha", "loraDropout", "loraTargets"] },
  {
    title: "Continued pretraining",
    fields: ["pretrainEpochs", "pretrainLearningRate", "maskShare", "wholeWordMasking"],
  },
  {
    title: "Schedule",
    fields: [
      "schedule",
      "warmupShare",
      "warmupSteps",
      "scheduleCycles",
      "schedulePower",
      "plateauPatience",
      "plateauFactor",
      "layerDecay",
    ],
  },
  {
    title: "Regularization",
    fields: [
      "weightDecay",
      "hiddenDropout",
      "attentionDropout",
      "classifierDropout",
      "labelSmoothing",
      "rDrop",
      "l2sp",
      "clipping",
      "maxGradientNorm",
      "maxGradientValue",
    ],
  },
  { title: "Against forgetting", fields: ["ewc", "ewcRows", "rehearsal"] },
  {
    title: "Stopping and averaging",
    fields: ["bestBy", "earlyStopping", "leastGain", "ema", "average", "averageCount"],
  },
  { title: "Classes", fields: ["classWeights"] },
  { title: "Evaluation and split", fields: ["evaluationsPerEpoch", "evaluationSample", "validationShare", "seed"] },
  {
    title: "Optimizer and memory",
    fields: ["memoryLimit", "checkpointing", "accumulate", "beta1", "beta2", "epsilon", "biasCorrection"],
  },
];
