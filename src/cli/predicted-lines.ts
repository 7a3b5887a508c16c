import type { AnyPrediction, TrainedTask } from "../tasks/task.ts";

/** A row of a table with its prediction, which is null where there is no text. */
export interface PredictedRow {
  line: number;
  texts: string[];
  prediction: AnyPrediction | null;
}

/** The table that a file of predictions belongs to. */
export interface PredictedTable {
  /** What `line` counts: lines of the file, or rows of a table without lines, such as Parquet. */
  place: "line" | "row";
  /** Number of text columns: one or two. */
  texts: number;
  task: Pick<TrainedTask, "printed">;
  labelNames: readonly string[];
}

/** The columns of a CSV file of predictions. */
export function predictedHeader({ place, texts, task, labelNames }: PredictedTable): string[] {
  return [place, ...(texts > 1 ? ["text", "second_text"] : ["text"]), ...task.printed.header(labelNames)];
}

/** A row under `predictedHeader`. */
export function predictedCells(
  { line, texts, prediction }: PredictedRow,
  { task, labelNames }: PredictedTable,
): (string | number)[] {
  return [line, ...texts, ...task.printed.cells(prediction, labelNames)];
}

/** A row as a JSON line. */
export function predictedJson(
  { line, texts, prediction }: PredictedRow,
  { place, task, labelNames }: PredictedTable,
): string {
  const [text, pair] = texts;
  return `${JSON.stringify({ [place]: line, text, pair, ...task.printed.json(prediction, labelNames) })}\n`;
}
