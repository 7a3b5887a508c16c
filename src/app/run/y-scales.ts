import { niceTicks } from "../nice-ticks.ts";
import { scoreText, tickText, figureText } from "../figures.ts";
import type { Metric } from "../../tasks/task.ts";
import type { Series } from "./series.ts";

/** A y axis: what it counts, from where to where, and how its values are written. */
export interface YScale {
  label: string;
  domain: [number, number];
  ticks: number[];
  /** Writes a value at the axis, and one that is read off a line. */
  tickText: (value: number) => string;
  text: (value: number) => string;
}

/**
 * An axis for scores: 0 to 1, or on request from just below the lowest value shown. The zoom ignores the first tenth of
 * each line, since an untrained model's scores would undo it. The axis ends a little above 1, so that marks there are
 * not cut in half.
 */
export function scoreScale(label: string, zoomed: boolean, series: readonly Series[]): YScale {
  const values = series.flatMap(({ points }) => points.slice(Math.ceil(points.length / 10)).map((point) => point.y));
  const lowest = Math.min(1, ...values.filter(Number.isFinite));
  const stride = !zoomed ? 0.25 : lowest > 0.95 ? 0.01 : lowest > 0.9 ? 0.02 : lowest > 0.5 ? 0.1 : 0.25;
  const strides = zoomed ? Math.min(Math.round(1 / stride), Math.ceil((1 - lowest) / stride + 0.01)) : 4;
  const ticks = Array.from({ length: strides + 1 }, (_, i) => Number((1 - (strides - i) * stride).toFixed(2)));
  const start = ticks[0] ?? 0;
  return { label, domain: [start, 1 + 0.03 * (1 - start)], ticks, tickText, text: scoreText };
}

/** What is not as usual of a metric's axis. */
interface AxisOptions {
  label?: string;
  axis?: Series["axis"];
  zoomed?: boolean;
}

/** An axis for a metric: that of scores, which may be zoomed, or for a loss one from 0 up. */
export function metricScale(
  metric: Metric,
  series: readonly Series[],
  { label = axisLabel(metric), axis = "left", zoomed = false }: AxisOptions = {},
): YScale {
  if (metric.kind === "loss") return valueScale(label, axis, series);
  const own = series.filter((line) => line.axis === axis);
  return scoreScale(label, zoomed, own);
}

/** The name of a metric at an axis. */
export function axisLabel({ axis, name }: Metric): string {
  return axis ?? name;
}

/** An axis from 0 to a round value above the highest point of its lines. */
export function valueScale(label: string, axis: Series["axis"], series: readonly Series[]): YScale {
  let highest = 0;
  for (const line of series) {
    if (line.axis !== axis) continue;
    for (const { y } of line.points) if (Number.isFinite(y)) highest = Math.max(highest, y);
  }
  const { domain, ticks, text: tickText } = niceTicks(0, highest);
  return { label, domain, ticks, tickText, text: figureText };
}
