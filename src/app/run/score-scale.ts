import { scoreText } from "./figures.ts";
import type { YScale } from "./Plot.tsx";
import type { Series } from "./series.ts";

/**
 * An axis for scores: 0 to 1, or on request from just below the lowest value shown. The first tenth of each line
 * is not counted for that, since an untrained model's scores would undo the zoom.
 */
export function scoreScale(label: string, zoomed: boolean, series: readonly Series[]): YScale {
  const text = zoomed ? scoreText : (value: number) => value.toFixed(2);
  if (!zoomed) return { label, domain: [0, 1], text };
  const values = series.flatMap(({ points }) => points.slice(Math.ceil(points.length / 10)).map((point) => point.y));
  const lowest = Math.min(1, ...values.filter(Number.isFinite));
  const step = lowest > 0.9 ? 0.02 : 0.1;
  return { label, domain: [Math.max(0, Math.floor(lowest / step - 0.001) * step), 1], text };
}
