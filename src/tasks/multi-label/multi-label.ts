import { gatherBatch } from "../../data/batches.ts";
import { isObject } from "../../io/json-object.ts";
import type { MultiLabelReport } from "../../metrics/multi-label/report.ts";
import { EVEN } from "../../metrics/ranking/thresholds.ts";
import { sigmoid } from "../../metrics/sigmoid.ts";
import { BinaryCrossEntropy } from "../binary-cross-entropy.ts";
import type { TrainedTask } from "../task.ts";
import { labelsText, results } from "./card.ts";
import { positiveWeightsOf } from "./label-weights.ts";
import { multiLabel } from "./metrics.ts";
import { predictionColumns, predictionsOf, printedLabels, type LabelsPrediction } from "./predictions.ts";
import { bestThresholds, LabelScorer, type LabelRowScores } from "./scores.ts";

type MultiLabelTask = TrainedTask<MultiLabelReport, LabelRowScores, LabelsPrediction>;

/** Each text has any of the labels: a sigmoid for each. */
export const trainedMultiLabel: MultiLabelTask = withThresholds(null);

/** @param tuned from which probability on each label is predicted [labels]; null for one half */
function withThresholds(tuned: number[] | null): MultiLabelTask {
  const thresholdsOf = ({ length }: readonly string[]) => tuned ?? new Array<number>(length).fill(EVEN);
  return {
    ...multiLabel,
    outputs: (labelNames) => labelNames.length,
    lossOf: ({ task, labelNames, labels }, recipe) =>
      // The weights are named after the labels of the new task.
      task === "earlier"
        ? BinaryCrossEntropy.unweighted(labelNames.length)
        : new BinaryCrossEntropy(positiveWeightsOf(recipe, labelNames, labels)),
    plainLoss: (labelNames) => BinaryCrossEntropy.unweighted(labelNames.length),
    drawnLabels: (logits, _, random) => Float32Array.from(logits, (logit) => (random() < sigmoid(logit) ? 1 : 0)),
    batchOf: gatherBatch,
    scoring: {
      reads: "outputs",
      scorer: (truth, labelNames, keeps) => new LabelScorer(truth, thresholdsOf(labelNames), keeps),
    },
    ofConfig: (config, labelNames) => withThresholds(thresholdsIn(config, labelNames)),
    tuning: {
      isWanted: ({ thresholds }) => thresholds === "bestF1",
      of: (truth, scores) => withThresholds(bestThresholds(truth, scores)),
    },
    predictionsOf: (logits, labelNames) => predictionsOf(logits, labelNames, thresholdsOf(labelNames)),
    printed: printedLabels,
    predictionColumns,
    filed: (report) => report,
    adapterType: "SEQ_CLS",
    config: (labelNames) => ({
      problem_type: "multi_label_classification",
      num_labels: labelNames.length,
      id2label: Object.fromEntries(labelNames.map((name, id) => [String(id), name])),
      label2id: Object.fromEntries(labelNames.map((name, id) => [name, id])),
    }),
    tabtuneConfig: (labelNames) => ({
      thresholds: Object.fromEntries(thresholdsOf(labelNames).map((threshold, k) => [labelNames[k] ?? "", threshold])),
      ...(tuned && { thresholdsTuned: true }),
    }),
    card: {
      metrics: ["f1", "precision", "recall"],
      noun: "multi-label text classifier",
      outputs: (labelNames) => labelsText(labelNames, tuned !== null),
      results,
    },
  };
}

/** The thresholds that config.json states of these labels; null where it states none, or not of all. */
function thresholdsIn(config: unknown, labelNames: readonly string[]): number[] | null {
  const tabtune = isObject(config) && isObject(config.tabtune) ? config.tabtune : {};
  const stated = isObject(tabtune.thresholds) ? tabtune.thresholds : {};
  const thresholds = labelNames.map((name) => (Object.hasOwn(stated, name) ? stated[name] : undefined));
  return thresholds.every((threshold) => typeof threshold === "number") ? thresholds : null;
}
