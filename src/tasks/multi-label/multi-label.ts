import { gatherBatch } from "../../data/batches.ts";
import type { MultiLabelReport } from "../../metrics/multi-label/report.ts";
import { EVEN } from "../../metrics/ranking/thresholds.ts";
import { sigmoid } from "../../metrics/sigmoid.ts";
import { labelUncertainty } from "../../metrics/uncertainty.ts";
import { BinaryCrossEntropy } from "../binary-cross-entropy.ts";
import { namedThresholds, statedThresholds, tabtuneOf } from "../config-thresholds.ts";
import type { TrainedTask } from "../task.ts";
import { labelsText, results, type ThresholdSource } from "./card.ts";
import { labelClaims } from "./decision.ts";
import { positiveWeightsOf } from "./label-weights.ts";
import { multiLabel } from "./metrics.ts";
import { predictionColumns, predictionsOf, printedLabels, type LabelsPrediction } from "./predictions.ts";
import { pickedLabels } from "./picked-rows.ts";
import { rowOutcomes } from "./row-outcomes.ts";
import { redrawnLabels } from "./redrawn.ts";
import { bestThresholds, LabelScorer, type LabelRowScores } from "./scores.ts";

type MultiLabelTask = TrainedTask<MultiLabelReport, LabelRowScores, LabelsPrediction>;

/** Each text has any of the labels: a sigmoid for each. */
export const trainedMultiLabel: MultiLabelTask = withThresholds(null, "training rows");

/** @param own from which probability on each label is predicted [labels]; null for one half */
function withThresholds(own: number[] | null, source: ThresholdSource): MultiLabelTask {
  const thresholdsOf = ({ length }: readonly string[]) => own ?? new Array<number>(length).fill(EVEN);
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
    givenLabels({ truth: { labels } }, logits, { length: width }) {
      const rows = logits.length / width;
      const [probabilities, isRight] = [new Float32Array(rows), new Uint8Array(rows).fill(1)];
      logits.forEach((logit, at) => {
        const row = Math.floor(at / width);
        const own = sigmoid((labels[at] ?? 0) > 0 ? logit : -logit);
        probabilities[row] = (probabilities[row] ?? 0) + own / width;
        if (own < EVEN) isRight[row] = 0;
      });
      return { probabilities, isRight };
    },
    ofConfig: (config, labelNames) =>
      withThresholds(
        thresholdsIn(config, labelNames),
        tabtuneOf(config).thresholdsByHand === true ? "hand" : "training rows",
      ),
    tuning: {
      isWanted: ({ thresholds }) => thresholds === "bestF1",
      of: (truth, scores) => withThresholds(bestThresholds(truth, scores), "training rows"),
    },
    decision: {
      thresholds: thresholdsOf,
      at: (others) =>
        withThresholds(
          others.map((threshold) => threshold ?? EVEN),
          "hand",
        ),
      temperature: 1,
      again({ truth, scores }, labelNames) {
        if (scores.logits.length !== truth.labels.length) return null;
        const scorer = new LabelScorer(truth, thresholdsOf(labelNames), true);
        scorer.add(scores.logits);
        return { scores: scorer.scores(), report: scorer.report() };
      },
      claims: labelClaims,
    },
    predictionsOf: (logits, labelNames) => predictionsOf(logits, labelNames, thresholdsOf(labelNames)),
    uncertaintyOf: ({ labels, probabilities }) => ({
      ...labelUncertainty(probabilities),
      predicted: labels.join(", "),
    }),
    printed: printedLabels,
    predictionColumns,
    pickedRows: pickedLabels,
    rowOutcomes,
    filed: (report) => report,
    redrawn: redrawnLabels,
    adapterType: "SEQ_CLS",
    config: (labelNames) => ({
      problem_type: "multi_label_classification",
      num_labels: labelNames.length,
      id2label: Object.fromEntries(labelNames.map((name, id) => [String(id), name])),
      label2id: Object.fromEntries(labelNames.map((name, id) => [name, id])),
    }),
    tabtuneConfig: (labelNames) => ({
      thresholds: namedThresholds(thresholdsOf(labelNames), labelNames),
      ...(own && (source === "hand" ? { thresholdsByHand: true } : { thresholdsTuned: true })),
    }),
    card: {
      metrics: ["f1", "precision", "recall"],
      noun: "multi-label text classifier",
      outputs: (labelNames) => labelsText(labelNames, own && source),
      results,
    },
  };
}

/** The thresholds that config.json states of these labels; null where it states none, or not of all. */
function thresholdsIn(config: unknown, labelNames: readonly string[]): number[] | null {
  const thresholds = statedThresholds(config, labelNames);
  return thresholds.every((threshold) => threshold !== null) ? [...thresholds] : null;
}
