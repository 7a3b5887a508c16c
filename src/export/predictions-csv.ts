import { csvLine, type CsvStyle } from "../io/csv-cells.ts";

/** The validation rows with what the model says of them. */
export interface Predictions {
  /** Line of the file, or row of a table without lines, and text of each row. */
  rows: readonly { line: number; text: string; pair: string | null }[];
  /** True class of each row [rows]. */
  truth: Int32Array;
  /** Row-major [rows, classes]. */
  probabilities: Float32Array;
}

/**
 * predictions.csv (RFC 4180, UTF-8), line by line: line of the file, text, second text where there is one, true label,
 * predicted label, probability of each class. Cells are what the data held, quoted but not changed unless the style
 * neutralizes formulas.
 */
export function* predictionsCsv(
  predictions: Predictions,
  labelNames: readonly string[],
  style: CsvStyle = {},
): Generator<string> {
  const { rows, truth, probabilities } = predictions;
  const classes = labelNames.length;
  const hasPairs = rows.some((row) => row.pair !== null);
  const texts = hasPairs ? ["text", "second_text"] : ["text"];
  const names = ["line", ...texts, "label", "predicted", ...labelNames.map((name) => `probability_${name}`)];
  yield csvLine(names, style);
  for (const [i, row] of rows.entries()) {
    const scores = [...probabilities.subarray(i * classes, (i + 1) * classes)];
    const predicted = scores.indexOf(Math.max(...scores));
    const cells = [row.text, ...(hasPairs ? [row.pair ?? ""] : []), labelNames[truth[i] ?? -1] ?? ""];
    // Seven digits are what a float32 holds.
    const numbers = scores.map((score) => Number(score.toPrecision(7)));
    yield csvLine([row.line, ...cells, labelNames[predicted] ?? "", ...numbers], style);
  }
}
