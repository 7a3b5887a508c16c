import { niceTicks } from "../nice-ticks.ts";
import { figureText } from "./figures.ts";
import type { YScale } from "./Plot.tsx";
import type { Series } from "./series.ts";

/** An axis from 0 to a round value above the highest point of the lines that belong to it. */
export function valueScale(label: string, axis: Series["axis"], series: readonly Series[]): YScale {
  let highest = 0;
  for (const line of series) {
    if (line.axis !== axis) continue;
    for (const { y } of line.points) if (Number.isFinite(y)) highest = Math.max(highest, y);
  }
  const { domain, ticks, text: tickText } = niceTicks(0, highest);
  return { label, domain, ticks, tickText, text: figureText };
}
