import type { Report } from "../metrics/report.ts";

/** A number of a report by which models are compared. */
export interface Metric {
  /** Its name in recipes and events, e.g. "macroF1". */
  key: string;
  /** As a title: "Macro F1". */
  label: string;
  /** Within a sentence and as the head of a column: "macro F1". */
  name: string;
  better: "higher" | "lower";
  /** How it is written: a share in percent, a score in decimals up to 1, a loss in significant figures. */
  kind: "share" | "score" | "loss";
  /** Charts, progress lines and model cards lead with it, as with the first; all others are in reports and tables. */
  leads?: true;
  /** What the Hugging Face Hub calls it, e.g. "f1". */
  hubName: string;
  of: (report: Report) => number;
}

/** A task that a model is trained for. It is a folder here and a line in `registry.ts`. */
export interface Task {
  /** Its name in events and options, e.g. "single-label". */
  name: string;
  /** Its metrics in the order in which they are shown; those of the recipe's "Best by" are these. */
  metrics: readonly [Metric, ...Metric[]];
  /** The metric that follows the training loss: it steers the plateau schedule and decides between equal evaluations. */
  loss: Metric;
  /** How the Hugging Face Hub calls the task, and what its models are measured by. */
  hub: { pipeline: string; metrics: readonly string[] };
}

/** The metrics that charts and progress lines lead with. */
export function leadingMetrics({ metrics: [first, ...others] }: Task): [Metric, ...Metric[]] {
  return [first, ...others.filter(({ leads }) => leads)];
}

/** The metric of this key; throws where the task has none. */
export function metricOf(task: Task, key: string): Metric {
  const metric = task.metrics.find((one) => one.key === key);
  if (!metric) throw new Error(`The task “${task.name}” has no metric “${key}”.`);
  return metric;
}

/** A metric's value turned so that more is better. */
export function scoreOf({ better, of }: Metric, report: Report): number {
  return better === "lower" ? -of(report) : of(report);
}
