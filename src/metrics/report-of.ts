import type { ClassScores, Report } from "./report.ts";
import { argmax, logSumExp, rowsOf } from "./softmax.ts";

/**
 * Scores logits against labels; equal to scikit-learn's classification_report (zero_division = 0),
 * matthews_corrcoef and log_loss. The predicted class is the first of the largest logits.
 *
 * @param labels true class of each row [rows]
 * @param logits row-major [rows, classes]
 * @throws RangeError when the shapes do not agree or a label is not one of the classes
 */
export function reportOf(labels: Int32Array, logits: Float32Array, classes: number): Report {
  const rows = rowsOf(logits, classes);
  if (labels.length !== rows) throw new RangeError(`${labels.length} labels for ${rows} rows of logits.`);

  const confusion = new Array<number>(classes * classes).fill(0);
  let lossSum = 0;
  for (let row = 0; row < rows; row++) {
    const truth = labels[row] ?? -1;
    if (truth < 0 || truth >= classes) throw new RangeError(`Row ${row} has label ${truth} of ${classes} classes.`);
    const z = logits.subarray(row * classes, (row + 1) * classes);
    lossSum += logSumExp(z) - (z[truth] ?? NaN);
    const cell = truth * classes + argmax(z);
    confusion[cell] = (confusion[cell] ?? 0) + 1;
  }
  return { logLoss: ratio(lossSum, rows), ...scoresOf(confusion, classes) };
}

/**
 * The part of a report that follows from the confusion matrix alone.
 *
 * @param confusion row-major [classes, classes]: rows are true classes, columns predicted ones
 */
export function scoresOf(confusion: number[], classes: number): Omit<Report, "logLoss"> {
  const truths = new Array<number>(classes).fill(0);
  const predictions = new Array<number>(classes).fill(0);
  let rows = 0;
  let correct = 0;
  for (let truth = 0; truth < classes; truth++) {
    for (let predicted = 0; predicted < classes; predicted++) {
      const count = confusion[truth * classes + predicted] ?? 0;
      truths[truth] = (truths[truth] ?? 0) + count;
      predictions[predicted] = (predictions[predicted] ?? 0) + count;
      rows += count;
      if (truth === predicted) correct += count;
    }
  }
  const scores = truths.map((support, k): ClassScores => {
    const hits = confusion[k * classes + k] ?? 0;
    const predicted = predictions[k] ?? 0;
    return {
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + predicted),
      support,
    };
  });
  const accuracy = ratio(correct, rows);
  return {
    rows,
    accuracy,
    classes: scores,
    macro: averaged(scores, rows, () => 1),
    // With exactly one class a row, every false positive is another class's false negative: all three agree.
    micro: { precision: accuracy, recall: accuracy, f1: accuracy, support: rows },
    weighted: averaged(scores, rows, (k) => k.support),
    matthews: matthews(truths, predictions, correct, rows),
    confusion,
  };
}

function averaged(scores: ClassScores[], rows: number, weightOf: (scores: ClassScores) => number): ClassScores {
  const total = scores.reduce((sum, k) => sum + weightOf(k), 0);
  const mean = (value: (k: ClassScores) => number) =>
    ratio(
      scores.reduce((sum, k) => sum + weightOf(k) * value(k), 0),
      total,
    );
  return { precision: mean((k) => k.precision), recall: mean((k) => k.recall), f1: mean((k) => k.f1), support: rows };
}

/** Gorodkin 2004, the multi-class correlation coefficient; 0 where only one class occurs or is predicted. */
function matthews(truths: number[], predictions: number[], correct: number, rows: number): number {
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
  const spread = (rows * rows - dot(predictions, predictions)) * (rows * rows - dot(truths, truths));
  return spread === 0 ? 0 : (correct * rows - dot(truths, predictions)) / Math.sqrt(spread);
}

/** 0 where nothing is counted, as scikit-learn's zero_division = 0. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
