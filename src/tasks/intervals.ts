import { createRandom } from "../data/random.ts";
import type { RowLabels } from "../data/row-labels.ts";
import { percentileIntervals, type Intervals } from "../metrics/bootstrap.ts";
import type { AnyReport, AnyScores, TrainedTask } from "./task.ts";

/** One for all: rows that are scored again, by another command, have the same intervals. */
const SEED = 42;

/**
 * 95 % intervals of a task's metrics, by drawing the scored rows again and again; null where the task has none.
 *
 * @param truth labels of each row
 */
export function intervalsOf(
  { metrics, redrawn }: Pick<TrainedTask, "metrics" | "redrawn">,
  truth: RowLabels,
  scores: AnyScores,
  labelNames: readonly string[],
): Intervals | null {
  const drawn = redrawn?.(truth, scores, labelNames);
  if (!drawn) return null;
  const { rows, width, reportOf } = drawn;
  const found = percentileIntervals({ rows, width, random: createRandom(SEED) }, (times) => {
    const report = reportOf(times);
    return Object.fromEntries(metrics.map(({ key, of }) => [key, of(report)]));
  });
  return { ...found, seed: SEED };
}

/** Rows that were scored, with what was said of each. */
interface ScoredRows {
  report: AnyReport;
  truth: RowLabels;
  scores: AnyScores;
  /** Where they were drawn already. */
  intervals?: Intervals | null;
}

/** All figures of scored rows as a file holds them: the report, figures of the rows, and the intervals of the metrics. */
export function filedFigures(
  task: TrainedTask,
  { report, truth, scores, intervals: known }: ScoredRows,
  labelNames: readonly string[],
): Record<string, unknown> {
  const intervals = known ?? intervalsOf(task, truth, scores, labelNames);
  return {
    ...task.filed(report),
    ...task.filedRows?.(truth, scores),
    ...(intervals && { intervals: { ...intervals.of, draws: intervals.draws, seed: intervals.seed } }),
  };
}
