import { gatherBatch } from "../../data/batches.ts";
import { classesOf } from "../../data/row-labels.ts";
import type { Thresholds } from "../../metrics/decision.ts";
import { filedReport, type Report } from "../../metrics/report.ts";
import { keptOf, RowScorer, type RowScores } from "../../metrics/row-scores.ts";
import { argmax, drawnLabels, softmax } from "../../metrics/softmax.ts";
import { classUncertainty } from "../../metrics/uncertainty.ts";
import { CrossEntropy } from "../cross-entropy.ts";
import type { Scorer, TrainedTask } from "../task.ts";
import { classCalibration } from "./calibration.ts";
import { namedThresholds, statedThresholds, tabtuneOf } from "../config-thresholds.ts";
import { classesText, results, temperatureText, thresholdsText } from "./card.ts";
import { classClaims, decidedRows } from "./decision.ts";
import { classWeightsOf } from "../class-weights.ts";
import { singleLabel } from "./metrics.ts";
import { predictionColumns, predictionsOf, printedClasses, type ClassPrediction } from "./predictions.ts";
import { pickedClasses } from "./picked-rows.ts";
import { rowOutcomes } from "./row-outcomes.ts";
import { redrawnClasses } from "./redrawn.ts";

type ClassTask = TrainedTask<Report, RowScores, ClassPrediction>;

/** Beyond it, near the bounds of what is tried, no temperature is the best. */
const MOST_LOG = 5.9;

/** Each text has one class: softmax over the classes. */
export const trainedSingleLabel: ClassTask = decidingBy({ temperature: 1, thresholds: null });

/** How classes follow from logits. */
interface Deciding {
  /** What logits are divided by before the softmax, found after the training. */
  temperature: number;
  /** From which probability on each class is predicted, where that was set; else the most probable class is. */
  thresholds: Thresholds | null;
}

function decidingBy({ temperature, thresholds }: Deciding): ClassTask {
  const thresholdsOf = ({ length }: readonly string[]) => thresholds ?? new Array<null>(length).fill(null);
  const divided = (logits: Float32Array) => (temperature === 1 ? logits : logits.map((z) => z / temperature));
  return {
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
        const scorer = new RowScorer(classesOf(labels), classes, keeps ? keptOf(classes) : 0, thresholds);
        return {
          add: (logits) => scorer.add(divided(logits)),
          report: () => scorer.report(),
          scores: () => scorer.scores(),
        };
      },
    },
    givenLabels({ truth }, logits, { length: classes }) {
      const probabilities = softmax(logits, classes);
      const labels = classesOf(truth.labels);
      const isRight = (label: number, row: number) =>
        Number(argmax(logits.subarray(row * classes, (row + 1) * classes)) === label);
      return {
        probabilities: Float32Array.from(labels, (label, row) => probabilities[row * classes + label] ?? NaN),
        isRight: Uint8Array.from(labels, isRight),
      };
    },
    predictionsOf: (logits, labelNames) => predictionsOf(divided(logits), labelNames, thresholds),
    ofConfig: (config, labelNames) =>
      decidingBy({ temperature: temperatureIn(config), thresholds: setThresholds(config, labelNames) }),
    decision: {
      thresholds: thresholdsOf,
      at: (others) => decidingBy({ temperature, thresholds: others.every((one) => one === null) ? null : others }),
      temperature,
      again: (scored, labelNames, undone) =>
        decidedRows(scored, { temperature: undone, thresholds: thresholdsOf(labelNames) }, labelNames),
      claims: classClaims,
    },
    calibration: {
      isWanted: ({ calibrate }) => calibrate,
      of(truth, scores) {
        const found = classCalibration(truth, scores);
        // Rows that are all right are the more likely the surer the model is: no temperature is the best.
        const hasBest = scores.predicted.some((label, row) => label !== truth.labels[row]);
        const isFound = found !== null && hasBest && Math.abs(Math.log(found.temperature)) < MOST_LOG;
        return isFound ? decidingBy({ temperature: found.temperature, thresholds }) : null;
      },
    },
    uncertaintyOf: ({ label, probabilities }) => ({ ...classUncertainty(probabilities), predicted: label }),
    printed: printedClasses,
    predictionColumns,
    pickedRows: pickedClasses,
    rowOutcomes,
    filed: filedReport,
    filedRows: (truth, scores) => ({ calibration: classCalibration(truth, scores) }),
    redrawn: redrawnClasses,
    rightRows: ({ labels }, { predicted }) => Array.from(predicted, (label, row) => label === labels[row]),
    adapterType: "SEQ_CLS",
    config: (labelNames) => ({
      problem_type: "single_label_classification",
      num_labels: labelNames.length,
      id2label: Object.fromEntries(labelNames.map((name, id) => [String(id), name])),
      label2id: Object.fromEntries(labelNames.map((name, id) => [name, id])),
    }),
    ...((temperature !== 1 || thresholds) && {
      tabtuneConfig: (labelNames) => ({
        ...(temperature !== 1 && { temperature }),
        ...(thresholds && { thresholds: namedThresholds(thresholds, labelNames), thresholdsByHand: true }),
      }),
    }),
    card: {
      metrics: ["accuracy", "f1", "precision", "recall", "matthews_correlation"],
      noun: "text classifier",
      outputs: (labelNames) => classesText(labelNames) + temperatureText(temperature, thresholds !== null),
      ...(thresholds && {
        decision: (labelNames) => thresholdsText(namedThresholds(thresholds, labelNames), temperature),
      }),
      results,
    },
  };
}

/** The temperature that config.json states; 1 where it states none. */
function temperatureIn(config: unknown): number {
  const { temperature } = tabtuneOf(config);
  return typeof temperature === "number" && temperature > 0 ? temperature : 1;
}

/** The thresholds that config.json states of some of these classes; null where it states none. */
function setThresholds(config: unknown, labelNames: readonly string[]): Thresholds | null {
  // A class is compared with others by its probability over its threshold.
  const stated = statedThresholds(config, labelNames).map((one) => (one !== null && one > 0 ? one : null));
  return stated.every((one) => one === null) ? null : stated;
}
