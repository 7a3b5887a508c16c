import { choice, number } from "../field-kinds.ts";
import { practice } from "./sources.ts";

const prechelt = "Prechelt 1998, Early Stopping: But When?";
const izmailov = "Izmailov et al. 2018, Averaging Weights Leads to Wider Optima";

export const stopping = {
  title: "Stopping and averaging",
  fields: {
    bestBy: choice({
      label: "Best by",
      what: "The validation metric that decides which weights are best.",
      usual:
        "Macro F1, which counts each class equally; log loss when probabilities matter. A task without this metric is judged by its first: a number by its root mean squared error.",
      source: practice,
      default: "macroF1",
      // These are the metrics of src/tasks/; a test compares both lists.
      choices: [
        { value: "macroF1", label: "Macro F1" },
        { value: "accuracy", label: "Accuracy" },
        { value: "weightedF1", label: "Weighted F1" },
        { value: "matthews", label: "Matthews correlation" },
        { value: "logLoss", label: "Log loss (lower is better)" },
        { value: "microF1", label: "Micro F1" },
        { value: "samplesF1", label: "Samples F1" },
        { value: "averagePrecision", label: "Mean average precision" },
        { value: "subsetAccuracy", label: "All labels right" },
        { value: "rmse", label: "Root mean squared error (lower is better)" },
        { value: "mae", label: "Mean absolute error (lower is better)" },
        { value: "pearson", label: "Pearson correlation" },
        { value: "spearman", label: "Spearman correlation" },
        { value: "r2", label: "R²" },
        { value: "mse", label: "Mean squared error (lower is better)" },
        { value: "entityF1", label: "Entity F1" },
        { value: "entityPrecision", label: "Entity precision" },
        { value: "entityRecall", label: "Entity recall" },
        { value: "macroEntityF1", label: "Macro entity F1" },
        { value: "tokenAccuracy", label: "Word accuracy" },
        { value: "loss", label: "Loss (lower is better)" },
      ],
    }),
    earlyStopping: number({
      label: "Early stopping",
      what: "Stops after this many full evaluations without improvement and restores the best weights; 0 turns it off.",
      usual: "0 for 3 epochs; 2 or 3 for longer runs.",
      source: prechelt,
      default: 0,
      whole: true,
      unit: "evaluations",
      from: 0,
      upTo: 1000,
    }),
    leastGain: number({
      label: "Minimum improvement",
      what: "The smallest change of the metric that early stopping counts as an improvement.",
      usual: "0; 0.001.",
      source: prechelt,
      default: 0,
      from: 0,
      example: "0.001",
      matters: [{ field: "earlyStopping", above: 0 }],
    }),
    ema: number({
      label: "Averaged weights (EMA)",
      what: "Evaluates and keeps a moving average of the weights with this decay; 0 keeps the weights themselves.",
      usual: "0 (off); 0.99 to 0.999, for runs of many steps.",
      source: "Polyak and Juditsky 1992; common in trainers",
      default: 0,
      from: 0,
      below: 1,
      example: "0.99",
    }),
    average: choice({
      label: "Average checkpoints",
      what: "At the end, the weights become the mean of the last or best checkpoints, one per full evaluation.",
      usual: "None; last or best for a steadier result.",
      source: izmailov,
      default: "none",
      choices: [
        { value: "none", label: "None" },
        { value: "last", label: "The last" },
        { value: "best", label: "The best" },
      ],
    }),
    averageCount: number({
      label: "Checkpoints to average",
      what: "Number of checkpoints to average.",
      usual: "3 to 5.",
      source: izmailov,
      default: 3,
      whole: true,
      unit: "checkpoints",
      from: 2,
      upTo: 100,
      matters: [{ field: "average", not: "none" }],
    }),
  },
};
