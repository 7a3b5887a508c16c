/** A point of a chart's line. */
export interface Point {
  x: number;
  y: number;
}

/**
 * Debiased exponential moving average: each value weighs `weight` times as much as the one after it, and
 * the sum of the weights is divided out, so that the first values are not drawn towards zero (the correction
 * of Kingma & Ba 2015, section 3). Values that are not finite are passed over: the average stays where it was.
 *
 * @param values one value a step
 * @param weight 0 (no smoothing) up to, not including, 1
 * @returns one value a step; NaN before the first finite value
 */
export function smoothed(values: readonly number[], weight: number): number[] {
  let average = 0;
  let mass = 0;
  return values.map((value) => {
    if (Number.isFinite(value)) {
      average = weight * average + (1 - weight) * value;
      mass = weight * mass + (1 - weight);
    }
    return mass === 0 ? NaN : average / mass;
  });
}

/**
 * Thins a line for drawing without losing its peaks: the first and the last point stay, and of each stretch
 * between them the lowest and the highest, in their order. Values that are not finite are left out unless
 * a stretch has nothing else.
 *
 * @param points in order of x
 * @param limit most points to return, at least 4
 */
export function sampled<P extends Point>(points: readonly P[], limit: number): P[] {
  if (limit < 4) throw new RangeError(`A line cannot be thinned to ${limit} points; at least 4 are needed.`);
  if (points.length <= limit) return [...points];
  const stretches = Math.floor((limit - 2) / 2);
  const inner = points.length - 2;
  const kept = points.slice(0, 1);
  for (let s = 0; s < stretches; s++) {
    const start = 1 + Math.floor((s * inner) / stretches);
    const end = 1 + Math.floor(((s + 1) * inner) / stretches);
    kept.push(...extremes(points.slice(start, end)));
  }
  kept.push(...points.slice(-1));
  return kept;
}

/** Lowest and highest point of a stretch in their order; one point where they are the same. */
function extremes<P extends Point>(stretch: readonly P[]): P[] {
  const finite = stretch.filter((point) => Number.isFinite(point.y));
  const first = finite[0];
  if (first === undefined) return stretch.slice(0, 1);
  let low = first;
  let high = first;
  for (const point of finite) {
    if (point.y < low.y) low = point;
    if (point.y > high.y) high = point;
  }
  if (low === high) return [low];
  return finite.indexOf(low) < finite.indexOf(high) ? [low, high] : [high, low];
}
