import type { RowLabels } from "../../data/row-labels.ts";
import { claimOf, decidedClass, type Thresholds } from "../../metrics/decision.ts";
import type { Report } from "../../metrics/report.ts";
import type { RowScores } from "../../metrics/row-scores.ts";
import type { Claims, DecidedLabel, ScoredRows } from "../task.ts";
import { pickedClasses } from "./picked-rows.ts";

/** Scored rows as thresholds decide them; null where not all probabilities of a row are kept. */
export function decidedRows(
  { truth, scores, report: before }: ScoredRows<Report, RowScores>,
  { thresholds, temperature }: { thresholds: Thresholds; temperature: number },
  labelNames: readonly string[],
): { scores: RowScores; report: Report } | null {
  const { kept, probabilities } = scores;
  if (!keepsAll(scores)) return null;
  const predicted = scores.predicted.map((_, row) =>
    decidedClass(probabilitiesOf(scores, row, temperature), thresholds),
  );
  const confidence = Float32Array.from(predicted, (label, row) => probabilities[row * kept + label] ?? NaN);
  const rows = Int32Array.from(predicted, (_, row) => row);
  const { scores: own, report } = pickedClasses(truth, { ...scores, predicted, confidence }, rows, labelNames);
  // The loss of float32 probabilities is a little less exact.
  return { scores: own, report: { ...report, logLoss: before.logLoss } };
}

/** The highest threshold of a class with which each row is predicted as of it; the other classes keep theirs. */
export function classClaims(
  { labels }: RowLabels,
  scores: RowScores,
  { thresholds, label, temperature }: DecidedLabel,
): Claims | null {
  if (!keepsAll(scores)) return null;
  return {
    truth: Uint8Array.from(scores.predicted, (_, row) => Number(labels[row] === label)),
    predicted: Uint8Array.from(scores.predicted, (predicted) => Number(predicted === label)),
    claims: Float64Array.from(scores.predicted, (_, row) =>
      claimOf(probabilitiesOf(scores, row, temperature), thresholds, label),
    ),
  };
}

const keepsAll = ({ kept, keptClasses }: RowScores) => kept > 0 && keptClasses === null;

/** The probabilities of a row [classes] after its logits were divided by a temperature. */
function probabilitiesOf({ probabilities, kept }: RowScores, row: number, temperature: number): Float64Array {
  const own = Float64Array.from(probabilities.subarray(row * kept, (row + 1) * kept));
  if (temperature === 1) return own;
  const powers = own.map((p) => p ** (1 / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
