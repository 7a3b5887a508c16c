import type { RowScores } from "../../../metrics/row-scores.ts";
import type { Results } from "../../../workers/protocol.ts";
import type { Outcomes } from "../panels.ts";

/** A validation row that the model got wrong. */
export interface WrongRow {
  /** Index into the validation rows. */
  row: number;
  truth: number;
  predicted: number;
  /** Probability that the model gave to the class it predicted. */
  confidence: number;
  /** Probability that it gave to the true class. */
  truthProbability: number;
}

/** The rows whose most probable class is not the true one, most confident first; equally confident in row order. */
export function wrongRows(results: Pick<Results, "truth" | "scores">): WrongRow[] {
  const { predicted: predictions, confidence, truthProbability } = results.scores as RowScores;
  const wrong: WrongRow[] = [];
  results.truth.labels.forEach((truth, row) => {
    const predicted = predictions[row] ?? -1;
    if (predicted === truth) return;
    const probabilities = { confidence: confidence[row] ?? 0, truthProbability: truthProbability[row] ?? 0 };
    wrong.push({ row, truth, predicted, ...probabilities });
  });
  return wrong.sort((a, b) => b.confidence - a.confidence || a.row - b.row);
}

/** The predicted class of each row, and its probability. */
export function classOutcomes({ truth, scores, labelNames }: Results): Outcomes {
  const { predicted, confidence } = scores as RowScores;
  return {
    predicted: Array.from(predicted, (label) => labelNames[label] ?? ""),
    confidence,
    isWrong: Uint8Array.from(predicted, (label, row) => (label === truth.labels[row] ? 0 : 1)),
  };
}

/** Which misclassified rows are listed; null is any class. */
interface WrongRowFilter {
  truth: number | null;
  predicted: number | null;
}

/** Whether a row matches the whole filter. */
export function matchesFilter(row: WrongRow, { truth, predicted }: WrongRowFilter): boolean {
  return (truth === null || row.truth === truth) && (predicted === null || row.predicted === predicted);
}

/** Number of rows per class, largest first, equal ones in class order; classes without rows are left out. */
export function wrongByClass(rows: readonly WrongRow[], of: "truth" | "predicted"): { index: number; rows: number }[] {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row[of], (counts.get(row[of]) ?? 0) + 1);
  return [...counts]
    .map(([index, count]) => ({ index, rows: count }))
    .sort((a, b) => b.rows - a.rows || a.index - b.index);
}
