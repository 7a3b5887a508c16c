import { scoreText, tickText } from "./figures.ts";
import type { YScale } from "./Plot.tsx";
import type { Series } from "./series.ts";

/**
 * An axis for scores: 0 to 1, or on request from just below the lowest value shown. The first tenth of each line
 * is not counted for that, since an untrained model's scores would undo the zoom. The axis reaches a little beyond 1,
 * where marks would be cut in half else.
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
