import type { RowScores } from "../metrics/row-scores.ts";
import { csvLine, type CsvStyle } from "../io/csv-cells.ts";

/** The validation rows with what the model says of them. */
export interface Predictions {
  /** Line of the file, or row of a table without lines, and text of each row. */
  rows: readonly { line: number; text: string; pair: string | null }[];
  /** True class of each row [rows]. */
  truth: Int32Array;
  scores: RowScores;
}

/**
 * predictions.csv (RFC 4180, UTF-8), line by line: line of the file, text, second text where there is one, true label,
 * predicted label, probability of each class; with more classes than are kept of each row, the most probable classes
 * and their probabilities. Cells are what the data held, quoted but not changed unless the style
 * neutralizes formulas.
 */
export function* predictionsCsv(
  predictions: Predictions,
  labelNames: readonly string[],
  style: CsvStyle = {},
): Generator<string> {
  const { rows, truth, scores } = predictions;
  const { kept, keptClasses } = scores;
  const hasPairs = rows.some((row) => row.pair !== null);
  const texts = hasPairs ? ["text", "second_text"] : ["text"];
  const ofClasses = keptClasses
    ? Array.from({ length: kept }, (_, place) => [`class_${place + 1}`, `probability_${place + 1}`]).flat()
    : labelNames.map((name) => `probability_${name}`);
  yield csvLine(["line", ...texts, "label", "predicted", ...ofClasses], style);
  for (const [i, row] of rows.entries()) {
    const cells = [row.text, ...(hasPairs ? [row.pair ?? ""] : []), labelNames[truth[i] ?? -1] ?? ""];
    const numbers = Array.from({ length: kept }, (_, place) => {
      const at = i * kept + place;
      // Seven digits are what a float32 holds.
      const probability = Number((scores.probabilities[at] ?? NaN).toPrecision(7));
      return keptClasses ? [labelNames[keptClasses[at] ?? -1] ?? "", probability] : [probability];
    });
    const predicted = labelNames[scores.predicted[i] ?? -1] ?? "";
    yield csvLine([row.line, ...cells, predicted, ...numbers.flat()], style);
  }
}
