import { sigmoid } from "../../../metrics/sigmoid.ts";
import type { LabelRowScores } from "../../../tasks/multi-label/scores.ts";
import type { Results } from "../../../workers/protocol.ts";
import type { Outcomes } from "../panels.ts";

/** A validation row some of whose labels the model got wrong. */
export interface WrongLabels {
  /** Index into the validation rows. */
  row: number;
  /** Labels that it has and that were not predicted. */
  missed: number[];
  /** Labels that were predicted and that it does not have. */
  added: number[];
  /** Mean loss over the labels. */
  loss: number;
}

/** The rows with wrong labels, those of the highest loss first; equal ones in row order. */
export function wrongLabels({ truth, scores, labelNames }: Pick<Results, "truth" | "scores" | "labelNames">) {
  const { logits, thresholds, losses } = scores as LabelRowScores;
  const wrong: WrongLabels[] = [];
  losses.forEach((loss, row) => {
    const [missed, added]: [number[], number[]] = [[], []];
    thresholds.forEach((threshold, k) => {
      const at = row * labelNames.length + k;
      const isTrue = truth.labels[at] === 1;
      const isPredicted = sigmoid(logits[at] ?? NaN) >= threshold;
      if (isTrue !== isPredicted) (isTrue ? missed : added).push(k);
    });
    if (missed.length + added.length > 0) wrong.push({ row, missed, added, loss });
  });
  return wrong.sort((a, b) => b.loss - a.loss || a.row - b.row);
}

/** Number of rows in which each label was missed or wrongly predicted, most first. */
export function wrongByLabel(wrong: readonly WrongLabels[], of: "missed" | "added"): { index: number; rows: number }[] {
  const counts = new Map<number, number>();
  for (const row of wrong) for (const label of row[of]) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([index, rows]) => ({ index, rows })).sort((a, b) => b.rows - a.rows || a.index - b.index);
}

/** The predicted labels of each row, and how sure the model is of the one that it is least sure of. */
export function labelOutcomes(results: Results): Outcomes {
  const { scores, labelNames } = results;
  const { logits, thresholds, losses } = scores as LabelRowScores;
  const isWrong = new Uint8Array(losses.length);
  for (const { row } of wrongLabels(results)) isWrong[row] = 1;
  const predicted: string[] = [];
  const confidence = new Float32Array(losses.length);
  for (let row = 0; row < losses.length; row++) {
    const probabilities = Array.from(logits.subarray(row * labelNames.length, (row + 1) * labelNames.length), sigmoid);
    predicted.push(labelNames.filter((_, k) => (probabilities[k] ?? 0) >= (thresholds[k] ?? NaN)).join(", "));
    confidence[row] = Math.min(...probabilities.map((p) => Math.max(p, 1 - p)));
  }
  return { predicted, confidence, isWrong };
}
