import type { RowLabels } from "../../data/row-labels.ts";
import { averaged, microOf, ratio, scoresOfCounts, type HitCounts } from "../../metrics/averages.ts";
import type { LabelScores, MultiLabelReport } from "../../metrics/multi-label/report.ts";
import { meanOf, MOST_SORTED } from "../../metrics/multi-label/scorer.ts";
import { sigmoid } from "../../metrics/sigmoid.ts";
import type { Redrawn } from "../task.ts";
import type { LabelRowScores } from "./scores.ts";

/** The rows of one label, the most probable first. */
interface LabelOrder {
  /** [rows] */
  order: Int32Array;
  /** By place in the order: whether the row has the label, and whether the next row is less probable [rows]. */
  isTrue: Uint8Array;
  endsTie: Uint8Array;
  /** So many of the first rows are predicted. */
  predicted: number;
  threshold: number;
}

/**
 * Reports of draws of rows: one walk down the order of each label counts it and gives its average precision. Null of too
 * many scores to be sorted.
 */
export function redrawnLabels(
  { labels: truth }: RowLabels,
  { logits, thresholds, losses }: LabelRowScores,
): Redrawn<MultiLabelReport> | null {
  const rows = losses.length;
  if (logits.length > MOST_SORTED || logits.length === 0) return null;
  const width = thresholds.length;
  const orders = thresholds.map((threshold, label) => {
    const at = (row: number) => row * width + label;
    const scores = Float64Array.from(losses, (_, row) => sigmoid(logits[at(row)] ?? NaN));
    const own = Uint8Array.from(losses, (_, row) => truth[at(row)] ?? 0);
    return labelOrder(scores, own, threshold);
  });
  const { f1, exact } = rowFigures(orders, rows);
  return {
    rows,
    width: 2 * width,
    reportOf(times) {
      const walked = orders.map((label) => walk(label, times));
      const classes = walked.map(({ scores }) => scores);
      const support = classes.reduce((sum, one) => sum + one.support, 0);
      const mean = (values: ArrayLike<number>) => ratio(sumOf(times, values), rows);
      return {
        rows,
        logLoss: mean(losses),
        subsetAccuracy: mean(exact),
        hammingLoss: NaN,
        jaccard: NaN,
        micro: microOf(walked.map(({ counts }) => counts)),
        macro: averaged(classes, support, () => 1),
        weighted: averaged(classes, support, (label) => label.support),
        samples: { precision: NaN, recall: NaN, f1: mean(f1), support },
        macroAveragePrecision: meanOf(classes.map(({ averagePrecision }) => averagePrecision)),
        microAveragePrecision: null,
        macroRocAuc: null,
        microRocAuc: null,
        classes,
      };
    },
  };
}

function labelOrder(scores: Float64Array, truth: Uint8Array, threshold: number): LabelOrder {
  const scoreOf = (row: number) => scores[row] ?? NaN;
  const order = Int32Array.from(scores, (_, row) => row).sort((a, b) => scoreOf(b) - scoreOf(a));
  return {
    order,
    isTrue: Uint8Array.from(order, (row) => truth[row] ?? 0),
    endsTie: Uint8Array.from(order, (row, place) => Number(scoreOf(row) !== scoreOf(order[place + 1] ?? -1))),
    predicted: scores.reduce((count, score) => count + Number(score >= threshold), 0),
    threshold,
  };
}

/** F1 of the labels of each row, and whether all of them are right [rows each]. */
function rowFigures(orders: readonly LabelOrder[], rows: number) {
  const counts = Array.from({ length: rows }, (): HitCounts => ({ hits: 0, predicted: 0, support: 0 }));
  for (const { order, isTrue, predicted } of orders) {
    for (const [place, row] of order.entries()) {
      const count = counts[row];
      if (!count) continue;
      const [has, is] = [isTrue[place] === 1, place < predicted];
      count.support += Number(has);
      count.predicted += Number(is);
      count.hits += Number(has && is);
    }
  }
  return {
    f1: Float64Array.from(counts, (count) => scoresOfCounts(count).f1),
    exact: Uint8Array.from(counts, ({ hits, predicted, support }) => Number(hits === predicted && hits === support)),
  };
}

function walk(label: LabelOrder, times: Int32Array): { counts: HitCounts; scores: LabelScores } {
  const { order, isTrue, endsTie, threshold } = label;
  let positives = 0;
  let taken = 0;
  let before = 0;
  let precisions = 0;
  let hits = 0;
  let predicted = 0;
  let place = 0;
  for (const end of [label.predicted, order.length]) {
    for (; place < end; place++) {
      const count = times[order[place] ?? 0] ?? 0;
      if (count > 0) {
        taken += count;
        if (isTrue[place] === 1) positives += count;
      }
      if (positives === before || endsTie[place] !== 1) continue;
      precisions += ((positives - before) * positives) / taken;
      before = positives;
    }
    if (end !== label.predicted) continue;
    hits = positives;
    predicted = taken;
  }
  const counts = { hits, predicted, support: positives };
  const isDefined = positives > 0 && positives < taken;
  const scores: LabelScores = {
    ...scoresOfCounts(counts),
    threshold,
    matrix: [taken - predicted - positives + hits, predicted - hits, positives - hits, hits],
    averagePrecision: isDefined ? precisions / positives : null,
    rocAuc: null,
  };
  return { counts, scores };
}

function sumOf(times: Int32Array, values: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < times.length; row++) sum += (times[row] ?? 0) * (values[row] ?? NaN);
  return sum;
}
