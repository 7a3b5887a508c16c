import { metricOf, scoreOf, type AnyReport, type Metric, type Task } from "./task.ts";

/** The baseline of a run beside its best weights, by the metric that these were chosen by. */
export interface AgainstBaseline {
  metric: Metric;
  /** What each of them reached on validation rows. */
  baseline: number;
  fineTuned: number;
  better: "baseline" | "fine-tuned";
}

/**
 * Whether a run's best weights beat its baseline; equal values count for them. Null where one of the two is missing.
 *
 * @param best its metric's key and value
 */
export function againstBaseline(
  task: Task,
  baseline: { report: AnyReport } | null | undefined,
  best: { metric: string; value: number } | null | undefined,
): AgainstBaseline | null {
  if (!baseline || !best) return null;
  const metric = metricOf(task, best.metric);
  const own = scoreOf(metric, baseline.report);
  const fineTuned = metric.better === "lower" ? -best.value : best.value;
  // A correlation of equal predictions is not defined, and loses.
  const isBetter = own > fineTuned || (Number.isNaN(fineTuned) && !Number.isNaN(own));
  return {
    metric,
    baseline: metric.of(baseline.report),
    fineTuned: best.value,
    better: isBetter ? "baseline" : "fine-tuned",
  };
}
