import { keptOf, largest } from "../metrics/row-scores.ts";

/** A row of a table with its prediction; `label` is null where there is no text. */
export interface PredictedRow {
  line: number;
  texts: string[];
  label: string | string[] | null;
  /** Probability of each class, in class order. */
  probabilities: number[];
}

/** The table that a file of predictions belongs to. */
export interface PredictedTable {
  /** What `line` counts: lines of the file, or rows of a table without lines, such as Parquet. */
  place: "line" | "row";
  /** Number of text columns: one or two. */
  texts: number;
  labelNames: readonly string[];
}

/**
 * The columns of a CSV file of predictions. With up to 100 classes each class has a column of probabilities; with more
 * there are columns for the most probable ones, as in a run's `predictions.csv`, so that the file stays small.
 */
export function predictedHeader({ place, texts, labelNames }: PredictedTable): string[] {
  const kept = keptOf(labelNames.length);
  const ofClasses =
    kept === labelNames.length
      ? labelNames.map((name) => `probability_${name}`)
      : Array.from({ length: kept }, (_, i) => [`class_${i + 1}`, `probability_${i + 1}`]).flat();
  return [place, ...(texts > 1 ? ["text", "second_text"] : ["text"]), "predicted", "confidence", ...ofClasses];
}

/** A row under `predictedHeader`. */
export function predictedCells(row: PredictedRow, { labelNames }: PredictedTable): (string | number)[] {
  const { line, texts, label, probabilities } = row;
  const kept = keptOf(labelNames.length);
  const whole = kept === labelNames.length;
  if (label === null) return [line, ...texts, "", ...new Array<number>(1 + (whole ? kept : 2 * kept)).fill(NaN)];
  const name = typeof label === "string" ? label : JSON.stringify(label);
  // Seven digits are what a float32 holds.
  const number = (k: number) => Number((probabilities[k] ?? NaN).toPrecision(7));
  const [first = 0] = largest(probabilities, 1);
  const ofClasses = whole
    ? probabilities.map((_, k) => number(k))
    : largest(probabilities, kept).flatMap((k) => [labelNames[k] ?? "", number(k)]);
  return [line, ...texts, name, number(first), ...ofClasses];
}

/** A row as a JSON line; with more than 100 classes it has the scores of the most probable ones. */
export function predictedJson(row: PredictedRow, { place, labelNames }: PredictedTable): string {
  const { line, texts, label, probabilities } = row;
  const [text, pair] = texts;
  const kept = keptOf(labelNames.length);
  const shown = kept === labelNames.length ? [...labelNames.keys()] : largest(probabilities, kept);
  const scores = label === null ? null : Object.fromEntries(shown.map((k) => [labelNames[k] ?? "", probabilities[k]]));
  const confidence = label === null ? null : probabilities[largest(probabilities, 1)[0] ?? 0];
  return `${JSON.stringify({ [place]: line, text, pair, label, confidence, scores })}\n`;
}
