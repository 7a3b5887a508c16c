/** A point of a line in a chart. */
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
 * Which values of a line to draw so that it is thin but keeps its peaks: the first and the last, and of each stretch
 * between them the lowest and the highest, in their order. Values that are not finite are left out unless a stretch
 * has nothing else.
 *
 * @param limit most values to keep, at least 4; Infinity keeps all
 * @returns their places, ascending
 */
export function sampled(values: readonly number[], limit: number): number[] {
  if (limit < 4) throw new RangeError(`A line cannot be thinned to ${limit} points; at least 4 are needed.`);
  if (values.length <= limit) return values.map((_, place) => place);
  const stretches = Math.floor((limit - 2) / 2);
  const inner = values.length - 2;
  const kept = [0];
  for (let s = 0; s < stretches; s++) {
    const start = 1 + Math.floor((s * inner) / stretches);
    const end = 1 + Math.floor(((s + 1) * inner) / stretches);
    kept.push(...extremes(values, start, end));
  }
  kept.push(values.length - 1);
  return kept;
}

/** Places of the lowest and the highest value of a stretch, in order; one place where they are the same. */
function extremes(values: readonly number[], start: number, end: number): number[] {
  let low = -1;
  let high = -1;
  for (let place = start; place < end; place++) {
    const value = values[place] ?? NaN;
    if (!Number.isFinite(value)) continue;
    if (low < 0 || value < (values[low] ?? NaN)) low = place;
    if (high < 0 || value > (values[high] ?? NaN)) high = place;
  }
  if (low < 0) return [start];
  if (low === high) return [low];
  return low < high ? [low, high] : [high, low];
}
