import { median } from "../metrics/median.ts";
import type { Stretch } from "./stretches.ts";

/** A part of a run, many steps long. */
interface Part {
  /** Median of the stretches' losses. */
  loss: number;
  /** Its standard error, that of the median of as many normal values with the noise of the stretches. */
  error: number;
}

/** Standard error of a median of n normal values: this times that of their mean. */
const OF_A_MEDIAN = 1.253;

export function partOf(stretches: readonly Stretch[]): Part {
  const steps = stretches.reduce((sum, stretch) => sum + stretch.steps, 0);
  const noise = median(stretches.map((stretch) => stretch.noise));
  return { loss: median(stretches.map(({ loss }) => loss)), error: (OF_A_MEDIAN * noise) / Math.sqrt(steps) };
}
