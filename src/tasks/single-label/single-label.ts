import type { Task } from "../task.ts";
import { logLoss, metrics } from "./metrics.ts";

/** Each text has one class. */
export const singleLabel: Task = {
  name: "single-label",
  metrics,
  loss: logLoss,
  hub: {
    pipeline: "text-classification",
    metrics: ["accuracy", "f1", "precision", "recall", "matthews_correlation"],
  },
};
