import type { EncodedDataset } from "../data/rows.ts";
import { textLabels } from "../data/windows.ts";
import type { ExportContents } from "../export/entries.ts";
import type { HeldOutBy } from "../recipe/held-out-by.ts";
import { filedFigures, intervalsOf } from "../tasks/intervals.ts";
import type { AnyReport, AnyScores } from "../tasks/task.ts";
import type { CrossValidation, OutOfFold } from "./folds.ts";
import type { Results } from "./results.ts";
import type { ExportForm, HeldOutRow, Run, Weights } from "./run.ts";

/** How many folds there are, and how often rows are laid into them anew. */
export interface FoldCounts {
  folds: number;
  repeats: number;
}

/** Out-of-fold predictions as the results of the final model, which no row is left to score. */
export function outOfFoldResults(cross: CrossValidation, pooled: OutOfFold, rowCount: number): Results {
  const { rows, truth, report, scores, task } = pooled;
  const { final, finalWeights: weights, labelNames } = cross;
  return {
    task: task.name,
    weights,
    step: final?.stepOf(weights) ?? 0,
    labelNames: [...labelNames],
    report,
    ...(rows.length < rowCount && { places: rows }),
    truth,
    scores,
    intervals: intervalsOf(task, truth, scores, labelNames),
    folds: cross.done.length,
  };
}

/** What of the final model's folder is chosen. */
interface FinalChoice {
  weights: Weights;
  dtype: ExportContents["dtype"];
  form: ExportForm;
  dataName: string;
  testRows?: readonly HeldOutRow[];
}

/**
 * The folder of the final model, whose card and predictions are those of the folds: no row is left to score it on.
 *
 * @param rowOf a row by its place among all
 */
export async function finalContents(
  final: Run,
  { pooled, folds, rowOf }: { pooled: OutOfFold; folds: number; rowOf: (row: number) => HeldOutRow },
  { weights, dtype, form, dataName, testRows = [] }: FinalChoice,
): Promise<ExportContents> {
  const own = await final.exportContents(weights, dtype, [], dataName, form, testRows);
  const { truth, scores, task, report } = pooled;
  const rows = Array.from(pooled.rows, rowOf);
  const isPair = rows.some(({ pair }) => pair !== null);
  const intervals = intervalsOf(task, truth, scores, own.card.labelNames);
  return {
    ...own,
    card: { ...own.card, report, intervals, isPair, folds },
    predictions: { rows, truth, scores, task },
  };
}

/** What report.json says besides the folds. */
interface FiledBeside {
  counts: FoldCounts;
  heldOutBy: HeldOutBy | undefined;
  /** Scores of the final model on test rows, and how often these were scored. */
  test?: { report: AnyReport; scores: AnyScores; rows: EncodedDataset; uses: number } | null;
  /** Estimated share of wrong labels. */
  noise: number | null;
}

/** report.json of a cross-validation: the pooled out-of-fold figures, and each fold with mean, deviation and interval. */
export function filedFolds(
  cross: CrossValidation,
  pooled: OutOfFold,
  { counts, heldOutBy, test, noise }: FiledBeside,
): Record<string, unknown> {
  const { labelNames, final, finalWeights: weights, isFinalTrained } = cross;
  const { task } = pooled;
  return {
    labelNames,
    weights,
    step: isFinalTrained ? (final?.stepOf(weights) ?? 0) : 0,
    ...filedFigures(task, pooled, labelNames),
    ...(test && {
      test: { ...filedFigures(task, { ...test, truth: textLabels(test.rows) }, labelNames), uses: test.uses },
    }),
    folds: {
      k: counts.folds,
      repeats: counts.repeats,
      complete: cross.done.length,
      ...(!cross.isQuick && { finalEpoch: cross.finalEpoch }),
      ...cross.summary(),
    },
    labelIssues: { estimatedShare: noise },
    split: { seed: cross.seed, ...heldOutBy },
    ...(cross.copies > 0 && { augmentation: { copies: cross.copies } }),
  };
}
