import type { RowScores } from "../../../metrics/row-scores.ts";
import type { Results } from "../../../workers/protocol.ts";
import type { Selectable } from "../panels.ts";
import { pairKey, pairName, type ClassPair } from "../classes/pair-key.ts";

/** Selects the rows of a true and a predicted class, or of one of them; all rows where both are any. */
export function selectCell({ results, select, clear }: Selectable, cell: ClassPair): void {
  const name = cellName(cell, results.labelNames);
  if (name === "") clear();
  else select(pairKey(cell), name, rowsOfCell(results, cell));
}

/** A cell in words: "true ham, predicted spam". */
export const cellName = (cell: ClassPair, labelNames: readonly string[]) =>
  pairName(cell, ["true", "predicted"], labelNames);

/** Places of the rows of a cell among those that were scored. */
export function rowsOfCell(results: Pick<Results, "truth" | "scores">, [truth, predicted]: ClassPair): number[] {
  const { predicted: guesses } = results.scores as RowScores;
  const rows: number[] = [];
  guesses.forEach((guess, row) => {
    const isTruth = truth === null || results.truth.labels[row] === truth;
    if (isTruth && (predicted === null || guess === predicted)) rows.push(row);
  });
  return rows;
}
