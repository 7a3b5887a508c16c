import type { Recipe } from "./recipe.ts";

/** A metric within a sentence. */
export const metricNames: Record<Recipe["bestBy"], string> = {
  macroF1: "macro F1",
  accuracy: "accuracy",
  weightedF1: "weighted F1",
  matthews: "Matthews correlation",
  logLoss: "log loss",
};

export interface Choice<Value> {
  value: Value;
  label: string;
}

/** The values of each field that is a choice of a few, as a person reads them. */
export const choices = {
  start: [
    { value: "checkpoint", label: "From the checkpoint" },
    { value: "random", label: "At random (full retraining)" },
  ],
  pooling: [
    { value: "pooler", label: "Pooler (dense, tanh) on [CLS]" },
    { value: "cls", label: "[CLS] as it is" },
    { value: "mean", label: "Mean of the tokens" },
    { value: "mean-last-4", label: "Mean of the last four layers" },
  ],
  schedule: [
    { value: "linear", label: "Linear" },
    { value: "cosine", label: "Cosine" },
    { value: "cosine-restarts", label: "Cosine with restarts" },
    { value: "constant", label: "Constant" },
    { value: "constant-warmup", label: "Constant after the warm-up" },
    { value: "polynomial", label: "Polynomial" },
    { value: "inverse-sqrt", label: "Inverse square root" },
    { value: "slanted-triangular", label: "Slanted triangular" },
    { value: "plateau", label: "Lower on a plateau" },
  ],
  clipping: [
    { value: "norm", label: "Norm of the whole gradient" },
    { value: "value", label: "Value of each element" },
  ],
  bestBy: [
    { value: "macroF1", label: "Macro F1" },
    { value: "accuracy", label: "Accuracy" },
    { value: "weightedF1", label: "Weighted F1" },
    { value: "matthews", label: "Matthews correlation" },
    { value: "logLoss", label: "Log loss (lower is better)" },
  ],
  average: [
    { value: "none", label: "None" },
    { value: "last", label: "The last" },
    { value: "best", label: "The best" },
  ],
  checkpointing: [
    { value: "auto", label: "Where memory is short" },
    { value: "on", label: "Always" },
    { value: "off", label: "Never" },
  ],
  loraTargets: [
    { value: "query", label: "Query" },
    { value: "key", label: "Key" },
    { value: "value", label: "Value" },
    { value: "attentionOutput", label: "Attention output" },
    { value: "intermediate", label: "Intermediate" },
    { value: "output", label: "Output" },
  ],
} as const satisfies {
  [Field in "start" | "pooling" | "schedule" | "clipping" | "bestBy" | "average" | "checkpointing"]: readonly Choice<
    Recipe[Field]
  >[];
} & { loraTargets: readonly Choice<Recipe["loraTargets"][number]>[] };
