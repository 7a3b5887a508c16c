/** The validation rows with what the model says of them. */
export interface Predictions {
  /** Place in the table and text of each row. */
  rows: readonly { tableRow: number; text: string; pair: string | null }[];
  /** True class of each row [rows]. */
  truth: Int32Array;
  /** Row-major [rows, classes]. */
  probabilities: Float32Array;
}

/**
 * predictions.csv (RFC 4180, UTF-8), line by line: row, text, second text where there is one, true label,
 * predicted label, probability of each class. Cells are what the data held, quoted but never changed.
 */
export function* predictionsCsv(predictions: Predictions, labelNames: readonly string[]): Generator<string> {
  const { rows, truth, probabilities } = predictions;
  const classes = labelNames.length;
  const hasPairs = rows.some((row) => row.pair !== null);
  const texts = hasPairs ? ["text", "second_text"] : ["text"];
  yield line(["row", ...texts, "label", "predicted", ...labelNames.map((name) => `probability_${name}`)]);
  for (const [i, row] of rows.entries()) {
    const scores = [...probabilities.subarray(i * classes, (i + 1) * classes)];
    const predicted = scores.indexOf(Math.max(...scores));
    yield line([
      String(row.tableRow),
      row.text,
      ...(hasPairs ? [row.pair ?? ""] : []),
      labelNames[truth[i] ?? -1] ?? "",
      labelNames[predicted] ?? "",
      // Seven digits are what a float32 holds.
      ...scores.map((score) => String(Number(score.toPrecision(7)))),
    ]);
  }
}

function line(cells: string[]): string {
  return `${cells.map(quoted).join(",")}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
