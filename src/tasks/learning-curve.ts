import { percent } from "../recipe/wording.ts";
import type { Metric, Task } from "./task.ts";

/** What a metric was with some of the training rows. */
export interface LearningPoint {
  rows: number;
  values: Record<string, number>;
}

/** Parts of what is left to be gained that a last quarter of the rows took away, from which more rows are worth it. */
const MUCH = 0.1;
const LITTLE = 0.03;

/**
 * Whether more rows would help, by what the last part of the rows gained; null of fewer than two points.
 *
 * @param model whose scores they are
 */
export function learningCurveText(
  { metrics: [metric] }: Pick<Task, "metrics">,
  points: readonly LearningPoint[],
  model = "the linear model",
): string | null {
  const [before, last] = points.slice(-2);
  if (!before || !last) return null;
  const [from, to] = [before.values[metric.key] ?? NaN, last.values[metric.key] ?? NaN];
  if (!Number.isFinite(from + to)) return null;
  const gain = metric.better === "higher" ? to - from : from - to;
  const left = metric.better === "higher" ? 1 - from : from;
  const part = left > 0 ? gain / left : 0;
  const verdict =
    part >= MUCH
      ? "more rows of this kind would probably help"
      : part >= LITTLE
        ? "more rows of this kind might help a little"
        : "more rows of this kind would help little";
  const moved = gain > 0 ? "gained" : gain < 0 ? "lost" : "changed nothing";
  const amount = gain === 0 ? "" : ` ${amountText(metric, Math.abs(gain))}`;
  return `From ${Math.round((100 * before.rows) / last.rows)} to ${percent(1)} of the rows ${model} ${moved}${amount} in ${metric.name}: ${verdict}.`;
}

function amountText({ kind }: Metric, amount: number): string {
  if (kind === "share") return `${(100 * amount).toFixed(1)} points`;
  return kind === "score" ? amount.toFixed(3) : amount.toPrecision(2);
}
