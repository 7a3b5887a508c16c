import { filedReport } from "../../metrics/report.ts";
import { keptOf, RowScorer } from "../../metrics/row-scores.ts";
import type { TrainedTask } from "../task.ts";
import { classesText, results } from "./card.ts";
import { singleLabel } from "./metrics.ts";
import { predictionColumns, predictionsOf } from "./predictions.ts";

/** Each text has one class: softmax over the classes. */
export const trainedSingleLabel: TrainedTask = {
  ...singleLabel,
  scorer: (labels, classes, keeps) => new RowScorer(labels, classes, keeps ? keptOf(classes) : 0),
  predictionsOf,
  predictionColumns,
  filed: filedReport,
  config: (labelNames) => ({
    problem_type: "single_label_classification",
    num_labels: labelNames.length,
    id2label: Object.fromEntries(labelNames.map((name, id) => [String(id), name])),
    label2id: Object.fromEntries(labelNames.map((name, id) => [name, id])),
  }),
  card: {
    pipeline: "text-classification",
    metrics: ["accuracy", "f1", "precision", "recall", "matthews_correlation"],
    noun: "text classifier",
    outputs: classesText,
    results,
  },
};
