import { taskNamed } from "../../tasks/registry.ts";
import { leadingMetrics } from "../../tasks/task.ts";
import { metricText } from "../figures.ts";
import type { FoldedLabels, JudgedScores } from "../state.ts";

/** Metrics by key, with their intervals. */
type Scores = Pick<JudgedScores, "value" | "interval">;

/** The means over the folds. */
export const ofFolds = ({ summary }: Pick<FoldedLabels, "summary">): Scores => ({
  value: summary.mean,
  interval: summary.interval,
});

/** A line for each metric that the task leads with. */
export function gainLines(of: string, name: string, before: Scores, after: Scores): string[] {
  return leadingMetrics(taskNamed(name)).map((metric) => {
    const text = ({ value, interval }: Scores) => {
      const [low, high] = interval[metric.key] ?? [];
      const range =
        low === undefined || high === undefined ? "" : ` (${metricText(metric, low)} to ${metricText(metric, high)})`;
      return `${metricText(metric, value[metric.key] ?? NaN)}${range}`;
    };
    return `${of}: ${metric.name} ${text(before)} before, ${text(after)} after.`;
  });
}
