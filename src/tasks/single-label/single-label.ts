import { gatherBatch } from "../../data/batches.ts";
import { classesOf } from "../../data/row-labels.ts";
import { filedReport, type Report } from "../../metrics/report.ts";
import { keptOf, RowScorer, type RowScores } from "../../metrics/row-scores.ts";
import { drawnLabels } from "../../metrics/softmax.ts";
import { CrossEntropy } from "../cross-entropy.ts";
import type { Scorer, TrainedTask } from "../task.ts";
import { classCalibration } from "./calibration.ts";
import { classesText, results } from "./card.ts";
import { classWeightsOf } from "../class-weights.ts";
import { singleLabel } from "./metrics.ts";
import { predictionColumns, predictionsOf, printedClasses, type ClassPrediction } from "./predictions.ts";

/** Each text has one class: softmax over the classes. */
export const trainedSingleLabel: TrainedTask<Report, RowScores, ClassPrediction> = {
  ...singleLabel,
  outputs: (labelNames) => labelNames.length,
  lossOf({ task, labelNames, labels }, recipe) {
    // The weights are named after the classes of the new task.
    if (task === "earlier") return CrossEntropy.unweighted(labelNames.length, recipe);
    return new CrossEntropy(classWeightsOf(recipe, labelNames, labels), recipe);
  },
  plainLoss: (labelNames) => CrossEntropy.unweighted(labelNames.length),
  drawnLabels,
  batchOf: gatherBatch,
  scoring: {
    reads: "outputs",
    scorer({ labels }, { length: classes }, keeps): Scorer<Report, RowScores> {
      return new RowScorer(classesOf(labels), classes, keeps ? keptOf(classes) : 0);
    },
  },
  predictionsOf,
  printed: printedClasses,
  predictionColumns,
  filed: filedReport,
  filedRows: (truth, scores) => ({ calibration: classCalibration(truth, scores) }),
  rightRows: ({ labels }, { predicted }) => Array.from(predicted, (label, row) => label === labels[row]),
  adapterType: "SEQ_CLS",
  config: (labelNames) => ({
    problem_type: "single_label_classification",
    num_labels: labelNames.length,
    id2label: Object.fromEntries(labelNames.map((name, id) => [String(id), name])),
    label2id: Object.fromEntries(labelNames.map((name, id) => [name, id])),
  }),
  card: {
    metrics: ["accuracy", "f1", "precision", "recall", "matthews_correlation"],
    noun: "text classifier",
    outputs: classesText,
    results,
  },
};
