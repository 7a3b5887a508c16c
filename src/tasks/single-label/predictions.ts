import type { RowLabels } from "../../data/row-labels.ts";
import { decidedClass, type Thresholds } from "../../metrics/decision.ts";
import { keptOf, largest, type RowScores } from "../../metrics/row-scores.ts";
import { argmax, softmax } from "../../metrics/softmax.ts";
import type { PredictionColumns, PrintedPredictions } from "../task.ts";

/** The class of a text. */
export interface ClassPrediction {
  label: string;
  /** Probability of each class, in class order. */
  probabilities: number[];
}

/**
 * Predictions from logits [rows · classes].
 *
 * @param thresholds of the classes; without them the most probable class is predicted
 */
export function predictionsOf(
  logits: Float32Array,
  labelNames: readonly string[],
  thresholds: Thresholds | null = null,
): ClassPrediction[] {
  const classes = labelNames.length;
  const all = softmax(logits, classes);
  return Array.from({ length: all.length / classes }, (_, row) => {
    const own = all.subarray(row * classes, (row + 1) * classes);
    const label = thresholds ? decidedClass(own, thresholds) : argmax(own);
    return { label: labelNames[label] ?? "", probabilities: [...own] };
  });
}

/** The probability of the class that is predicted. */
const confidenceOf = ({ label, probabilities }: ClassPrediction, labelNames: readonly string[]) =>
  probabilities[labelNames.indexOf(label)];

// Seven digits are what a float32 holds.
const sevenDigits = (value = NaN) => Number(value.toPrecision(7));

/**
 * Label, confidence and the probability of each class; with more classes than are kept of each row, the most probable
 * classes and their probabilities, so that files stay small.
 */
export const printedClasses: PrintedPredictions<ClassPrediction> = {
  line({ label, probabilities }, labelNames) {
    return { label, scores: Object.fromEntries(labelNames.map((name, k) => [name, probabilities[k]])) };
  },
  json(prediction, labelNames) {
    if (prediction === null) return { label: null, confidence: null, scores: null };
    const { label, probabilities } = prediction;
    const kept = keptOf(labelNames.length);
    const shown = kept === labelNames.length ? [...labelNames.keys()] : largest(probabilities, kept);
    const scores = Object.fromEntries(shown.map((k) => [labelNames[k] ?? "", probabilities[k]]));
    return { label, confidence: confidenceOf(prediction, labelNames), scores };
  },
  header: (labelNames) => ["predicted", "confidence", ...probabilityColumns(labelNames)],
  cells(prediction, labelNames) {
    const { length } = probabilityColumns(labelNames);
    if (prediction === null) return ["", ...new Array<number>(1 + length).fill(NaN)];
    const { label, probabilities } = prediction;
    const kept = keptOf(labelNames.length);
    const ofClasses =
      kept === labelNames.length
        ? probabilities.map(sevenDigits)
        : largest(probabilities, kept).flatMap((k) => [labelNames[k] ?? "", sevenDigits(probabilities[k])]);
    return [label, sevenDigits(confidenceOf(prediction, labelNames)), ...ofClasses];
  },
};

function probabilityColumns(labelNames: readonly string[]): string[] {
  const kept = keptOf(labelNames.length);
  return kept === labelNames.length
    ? labelNames.map((name) => `probability_${name}`)
    : Array.from({ length: kept }, (_, place) => [`class_${place + 1}`, `probability_${place + 1}`]).flat();
}

/** True label, predicted label, and probabilities as in `printedClasses`. */
export function predictionColumns(
  { labels }: RowLabels,
  scores: RowScores,
  labelNames: readonly string[],
): PredictionColumns {
  const { kept, keptClasses } = scores;
  return {
    header: ["label", "predicted", ...probabilityColumns(labelNames)],
    cellsOf(row) {
      const numbers = Array.from({ length: kept }, (_, place) => {
        const at = row * kept + place;
        const probability = sevenDigits(scores.probabilities[at]);
        return keptClasses ? [labelNames[keptClasses[at] ?? -1] ?? "", probability] : [probability];
      });
      const [is, predicted] = [labels[row], scores.predicted[row]].map((label) => labelNames[label ?? -1] ?? "");
      return [is ?? "", predicted ?? "", ...numbers.flat()];
    },
  };
}
