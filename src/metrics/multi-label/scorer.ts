import { averaged, microOf, ratio, scoresOfCounts, type HitCounts } from "../averages.ts";
import { ranked, type Ranked } from "../ranking/cuts.ts";
import { averagePrecision, rocAuc } from "../ranking/ranking-scores.ts";
import { EVEN, tunedThreshold } from "../ranking/thresholds.ts";
import { binaryCrossEntropy, sigmoid } from "../sigmoid.ts";
import { rowsOf } from "../softmax.ts";
import type { LabelScores, MultiLabelReport } from "./report.ts";

/** Up to this many scores, rows times labels, are kept and sorted: 128 MiB. */
export const MOST_SORTED = 2 ** 25;

/** 0/1 truth of rows. */
interface LabelTruth {
  /** Number of labels. */
  labels: number;
  /** Row-major [rows, labels]. */
  truth: ArrayLike<number>;
}

/**
 * Scores rows of several labels as their logits come, a few at a time. Logits are kept as float32, so that scores can be
 * ranked; all else is counted.
 */
export class MultiLabelScorer {
  private readonly rows: number;
  private readonly labels: number;
  private readonly counts: Counts[];
  private readonly samples = { precision: 0, recall: 0, f1: 0, jaccard: 0 };
  private readonly logits: Float32Array | null;
  private readonly losses: Float32Array;
  private lossSum = 0;
  private exact = 0;
  private done = 0;

  /**
   * @param thresholds from which probability on each label is predicted [labels]; 0.5 where not given
   * @throws RangeError when the truth is not rows of labels, or the thresholds are not one for each label
   */
  constructor(
    private readonly rowTruth: LabelTruth,
    thresholds: readonly number[] = new Array<number>(rowTruth.labels).fill(EVEN),
  ) {
    const { truth, labels } = rowTruth;
    if (labels < 1 || truth.length % labels !== 0) {
      throw new RangeError(`${truth.length} values are not rows of ${labels} labels.`);
    }
    if (thresholds.length !== labels) throw new RangeError(`${thresholds.length} thresholds for ${labels} labels.`);
    this.labels = labels;
    this.rows = truth.length / labels;
    this.counts = thresholds.map((threshold) => ({ threshold, hits: 0, predicted: 0, support: 0 }));
    this.logits = truth.length <= MOST_SORTED ? new Float32Array(truth.length) : null;
    this.losses = new Float32Array(this.rows);
  }

  /**
   * Takes the next rows.
   *
   * @param logits row-major [some rows, labels]
   * @throws RangeError when the shapes do not agree
   */
  add(logits: Float32Array): void {
    const { labels, rows } = this;
    const added = rowsOf(logits, labels);
    if (this.done + added > rows) throw new RangeError(`${rows} rows of labels for ${this.done + added} of logits.`);
    this.logits?.set(logits, this.done * labels);
    for (let row = 0; row < added; row++) this.addRow(logits.subarray(row * labels, (row + 1) * labels));
  }

  /** @throws RangeError when rows are missing */
  report(): MultiLabelReport {
    this.checkWhole();
    const { counts, rows, samples, logits } = this;
    const cells = rows * this.labels;
    const labels = counts.map((count, label) => this.labelScores(count, label));
    const support = counts.reduce((sum, one) => sum + one.support, 0);
    const wrong = counts.reduce((sum, one) => sum + one.predicted + one.support - 2 * one.hits, 0);
    const all = logits && ranked(this.rowTruth.truth, Float64Array.from(logits, sigmoid));
    return {
      rows,
      logLoss: ratio(this.lossSum, cells),
      subsetAccuracy: ratio(this.exact, rows),
      hammingLoss: ratio(wrong, cells),
      jaccard: ratio(samples.jaccard, rows),
      micro: microOf(counts),
      macro: averaged(labels, support, () => 1),
      weighted: averaged(labels, support, (label) => label.support),
      samples: {
        precision: ratio(samples.precision, rows),
        recall: ratio(samples.recall, rows),
        f1: ratio(samples.f1, rows),
        support,
      },
      macroAveragePrecision: meanOf(labels.map((label) => label.averagePrecision)),
      microAveragePrecision: all && averagePrecision(all),
      macroRocAuc: meanOf(labels.map((label) => label.rocAuc)),
      microRocAuc: all && rocAuc(all),
      classes: labels,
    };
  }

  /**
   * The threshold of each label with the best F1 on these rows [labels]; 0.5 for labels that no row has.
   *
   * @throws RangeError when rows are missing
   */
  bestThresholds(): number[] {
    this.checkWhole();
    return this.counts.map((_, label) => {
      const scores = this.rankedLabel(label);
      return scores ? tunedThreshold(scores) : EVEN;
    });
  }

  /**
   * Mean binary cross-entropy of each row [rows].
   *
   * @throws RangeError when rows are missing
   */
  rowLosses(): Float32Array {
    this.checkWhole();
    return this.losses;
  }

  private addRow(z: Float32Array): void {
    const { labels, counts, samples } = this;
    const { truth } = this.rowTruth;
    const row = { hits: 0, predicted: 0, support: 0 };
    let loss = 0;
    for (let k = 0; k < labels; k++) {
      const logit = z[k] ?? NaN;
      const isTrue = truth[this.done * labels + k] === 1;
      const count = counts[k];
      if (!count) continue;
      const isPredicted = sigmoid(logit) >= count.threshold;
      addTo(count, isTrue, isPredicted);
      addTo(row, isTrue, isPredicted);
      loss += binaryCrossEntropy(logit, isTrue);
    }
    const scores = scoresOfCounts(row);
    samples.precision += scores.precision;
    samples.recall += scores.recall;
    samples.f1 += scores.f1;
    samples.jaccard += ratio(row.hits, row.predicted + row.support - row.hits);
    if (row.hits === row.predicted && row.hits === row.support) this.exact++;
    this.lossSum += loss;
    this.losses[this.done] = loss / labels;
    this.done++;
  }

  private labelScores(count: Counts, label: number): LabelScores {
    const { hits, predicted, support, threshold } = count;
    const scores = this.rankedLabel(label);
    return {
      ...scoresOfCounts(count),
      threshold,
      matrix: [this.rows - predicted - support + hits, predicted - hits, support - hits, hits],
      averagePrecision: scores && averagePrecision(scores),
      rocAuc: scores && rocAuc(scores),
    };
  }

  /** Probabilities of one label by whether rows have it; null where they were too many to keep. */
  private rankedLabel(label: number): Ranked | null {
    const { logits, labels, rows } = this;
    if (!logits) return null;
    const { truth } = this.rowTruth;
    const own = Uint8Array.from({ length: rows }, (_, row) => truth[row * labels + label] ?? 0);
    return ranked(
      own,
      Float64Array.from({ length: rows }, (_, row) => sigmoid(logits[row * labels + label] ?? NaN)),
    );
  }

  private checkWhole(): void {
    if (this.done === this.rows) return;
    throw new RangeError(`${this.rows} rows of labels for ${this.done} of logits.`);
  }
}

interface Counts extends HitCounts {
  threshold: number;
}

function addTo(counts: HitCounts, isTrue: boolean, isPredicted: boolean): void {
  if (isTrue) counts.support++;
  if (isPredicted) counts.predicted++;
  if (isTrue && isPredicted) counts.hits++;
}

/** The mean of the numbers that there are; null of none. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
