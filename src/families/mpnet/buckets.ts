/** Both are fixed in transformers' code, whatever `relative_attention_num_buckets` says. */
export const BUCKETS = 32;
const MOST = 128;

/** Buckets to each side; the first half of them are distances one by one. */
const SIDE = BUCKETS / 2;
const EXACT = SIDE / 2;

/**
 * The bucket of a distance, query − key, as T5 has them (Raffel et al. 2020): the later keys have the second half, and
 * what is far away shares a bucket by its logarithm. In float32, which decides at the edges.
 */
export function bucketOf(distance: number): number {
  const side = distance < 0 ? SIDE : 0;
  const away = Math.abs(distance);
  if (away < EXACT) return side + away;
  const logarithm = Math.fround(Math.log(away / EXACT));
  const share = Math.fround(logarithm / Math.fround(Math.log(MOST / EXACT)));
  return side + Math.min(SIDE - 1, EXACT + Math.trunc(Math.fround(share * (SIDE - EXACT))));
}
