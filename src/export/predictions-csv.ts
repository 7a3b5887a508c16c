import type { AnyScores, TrainedTask } from "../tasks/task.ts";
import { csvLine, type CsvStyle } from "../io/csv-cells.ts";

/** The validation rows with their predictions. */
export interface Predictions {
  /** Line of the file, or row of a table without lines, and text of each row. */
  rows: readonly { line: number; text: string; pair: string | null }[];
  /** Labels of each row. */
  truth: Parameters<TrainedTask["predictionColumns"]>[0];
  scores: AnyScores;
  /** Says which columns come after the texts. */
  task: TrainedTask;
}

/**
 * predictions.csv (RFC 4180, UTF-8), line by line: line of the file, text, second text where there is one, and the
 * columns of the task. Cells are what the data held, quoted but not changed unless the style neutralizes formulas.
 */
export function* predictionsCsv(
  predictions: Predictions,
  labelNames: readonly string[],
  style: CsvStyle = {},
): Generator<string> {
  const { rows, truth, scores, task } = predictions;
  const { header, cellsOf } = task.predictionColumns(truth, scores, labelNames);
  const hasPairs = rows.some((row) => row.pair !== null);
  const texts = hasPairs ? ["text", "second_text"] : ["text"];
  yield csvLine(["line", ...texts, ...header], style);
  for (const [i, row] of rows.entries()) {
    yield csvLine([row.line, row.text, ...(hasPairs ? [row.pair ?? ""] : []), ...cellsOf(i)], style);
  }
}
