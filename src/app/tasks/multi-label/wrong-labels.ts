import { sigmoid } from "../../../metrics/sigmoid.ts";
import type { LabelRowScores } from "../../../tasks/multi-label/scores.ts";
import type { Results } from "../../../workers/protocol.ts";

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
