/** A cell of a confusion matrix that is not 0: true class, predicted class, rows. */
export type ConfusionCell = readonly [truth: number, predicted: number, rows: number];

/** Counts rows by true and predicted class. A matrix of thousands of classes is nearly all zeros: only the rest is kept. */
export class ConfusionCounter {
  private readonly counts = new Map<number, number>();

  constructor(private readonly classes: number) {}

  add(truth: number, predicted: number): void {
    const key = truth * this.classes + predicted;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** The cells by true, then by predicted class. */
  cells(): ConfusionCell[] {
    return [...this.counts]
      .sort(([a], [b]) => a - b)
      .map(([key, rows]) => [Math.floor(key / this.classes), key % this.classes, rows] as const);
  }
}

/**
 * The cells of a whole matrix, the form of older `metrics.jsonl` files.
 *
 * @param matrix row-major [classes, classes]: rows are true classes, columns predicted ones
 */
export function cellsOf(matrix: readonly number[], classes: number): ConfusionCell[] {
  return matrix.flatMap((rows, at): ConfusionCell[] =>
    rows === 0 ? [] : [[Math.floor(at / classes), at % classes, rows]],
  );
}

/** One line of the matrix [classes] for each of these true classes. */
export function linesOf(cells: readonly ConfusionCell[], truths: readonly number[], classes: number): number[][] {
  const lines = new Map(truths.map((truth) => [truth, new Array<number>(classes).fill(0)]));
  for (const [truth, predicted, rows] of cells) {
    const line = lines.get(truth);
    if (line) line[predicted] = rows;
  }
  return [...lines.values()];
}
