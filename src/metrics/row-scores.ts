import { scoresOfCells } from "./class-scores.ts";
import { ConfusionCounter } from "./confusion.ts";
import { decidedClass, type Thresholds } from "./decision.ts";
import type { Report } from "./report.ts";
import { argmax, logSumExp, rowsOf } from "./softmax.ts";

/** Up to this many classes, all probabilities of a row are kept, in class order. */
const MOST_KEPT_WHOLE = 100;
/** Number of probabilities kept per row with more classes. */
const KEPT_OF_MANY = 10;

/** What is kept of each row's logits: it grows with the rows, not with rows times classes. */
export interface RowScores {
  /** Predicted class [rows]. */
  predicted: Int32Array;
  /** Probability of the predicted class [rows]. */
  confidence: Float32Array;
  /** Probability of the true class [rows]. */
  truthProbability: Float32Array;
  /** Probabilities kept per row. */
  kept: number;
  /** Row-major [rows, kept]: of all classes in class order, or the largest first. */
  probabilities: Float32Array;
  /** Classes of these probabilities [rows, kept]; null where they are all classes in their order. */
  keptClasses: Int32Array | null;
}

/** Number of probabilities to keep of each row, for `RowScorer`. */
export function keptOf(classes: number): number {
  return classes <= MOST_KEPT_WHOLE ? classes : KEPT_OF_MANY;
}

/** Scores rows as their logits come, a few at a time, so that logits of all rows are never held at once. */
export class RowScorer {
  private readonly confusion: ConfusionCounter;
  private readonly kept: RowScores;
  private lossSum = 0;
  private done = 0;

  /**
   * @param labels true class of each row [rows]
   * @param keep number of probabilities to keep per row, see `keptOf`; 0 for only a report
   * @param thresholds of the classes; without them the most probable class is predicted
   */
  constructor(
    private readonly labels: Int32Array,
    private readonly classes: number,
    keep = keptOf(classes),
    private readonly thresholds: Thresholds | null = null,
  ) {
    const rows = labels.length;
    this.confusion = new ConfusionCounter(classes);
    this.kept = {
      predicted: new Int32Array(rows),
      confidence: new Float32Array(rows),
      truthProbability: new Float32Array(rows),
      kept: keep,
      probabilities: new Float32Array(rows * keep),
      keptClasses: keep < classes ? new Int32Array(rows * keep) : null,
    };
  }

  /**
   * Takes the next rows.
   *
   * @param logits row-major [some rows, classes]
   * @throws RangeError when the shapes do not agree or a label is not one of the classes
   */
  add(logits: Float32Array): void {
    const { classes, labels } = this;
    const rows = rowsOf(logits, classes);
    if (this.done + rows > labels.length) {
      throw new RangeError(`${labels.length} labels for ${this.done + rows} rows of logits.`);
    }
    for (let i = 0; i < rows; i++) this.addRow(logits.subarray(i * classes, (i + 1) * classes));
  }

  /** @throws RangeError when rows are missing */
  report(): Report {
    this.checkWhole();
    const rows = this.labels.length;
    const logLoss = rows === 0 ? 0 : this.lossSum / rows;
    return { logLoss, ...scoresOfCells(this.confusion.cells(), this.classes) };
  }

  /** @throws RangeError when rows are missing */
  scores(): RowScores {
    this.checkWhole();
    return this.kept;
  }

  private addRow(z: Float32Array): void {
    const { classes, labels, kept, thresholds } = this;
    const row = this.done;
    const truth = labels[row] ?? -1;
    if (truth < 0 || truth >= classes) throw new RangeError(`Row ${row} has label ${truth} of ${classes} classes.`);
    const logSum = logSumExp(z);
    const probability = (k: number) => Math.exp((z[k] ?? 0) - logSum);
    const predicted = thresholds
      ? decidedClass(
          z.map((_, k) => probability(k)),
          thresholds,
        )
      : argmax(z);
    this.lossSum += logSum - (z[truth] ?? NaN);
    this.confusion.add(truth, predicted);
    this.done++;
    kept.predicted[row] = predicted;
    kept.confidence[row] = probability(predicted);
    kept.truthProbability[row] = probability(truth);
    const order = kept.keptClasses && largest(z, kept.kept);
    for (let place = 0; place < kept.kept; place++) {
      const k = order ? (order[place] ?? 0) : place;
      const at = row * kept.kept + place;
      if (kept.keptClasses) kept.keptClasses[at] = k;
      kept.probabilities[at] = probability(k);
    }
  }

  private checkWhole(): void {
    if (this.done === this.labels.length) return;
    throw new RangeError(`${this.labels.length} labels for ${this.done} rows of logits.`);
  }
}

/** Places of the `count` largest values, the largest first; of equal ones the first. */
export function largest(z: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  // Nearly all values are below the least of a full list and stop here.
  let least = NaN;
  for (let k = 0; k < z.length && count > 0; k++) {
    const value = z[k] ?? -Infinity;
    if (value <= least) continue;
    let place = best.length;
    while (place > 0 && (z[best[place - 1] ?? 0] ?? -Infinity) < value) place--;
    best.splice(place, 0, k);
    if (best.length > count) best.pop();
    if (best.length === count) least = z[best[count - 1] ?? 0] ?? -Infinity;
  }
  return best;
}
