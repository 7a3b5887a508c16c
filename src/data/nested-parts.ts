import { createRandom, shuffledIndices } from "./random.ts";

/**
 * Parts of rows, each within the next, with nearly the same share of every stratum, and at least one row of each; ascending.
 * The same rows and seed give the same parts.
 *
 * @param strata the stratum of each row [rows]
 * @param shares of the parts, ascending, within (0, 1)
 */
export function nestedParts(strata: ArrayLike<number>, shares: readonly number[], seed: number): Int32Array[] {
  const order = shuffledIndices(strata.length, createRandom(seed));
  const sizes = new Map<number, number>();
  for (const row of order) sizes.set(strata[row] ?? 0, (sizes.get(strata[row] ?? 0) ?? 0) + 1);
  const seen = new Map<number, number>();
  // How much of its stratum comes before a row.
  const before = new Float64Array(strata.length);
  for (const row of order) {
    const stratum = strata[row] ?? 0;
    const rank = seen.get(stratum) ?? 0;
    seen.set(stratum, rank + 1);
    before[row] = rank / (sizes.get(stratum) ?? 1);
  }
  // Rows of equal places stay in the order of the seed.
  const sorted = order.slice().sort((a, b) => (before[a] ?? 0) - (before[b] ?? 0));
  return shares.map((share) => sorted.slice(0, Math.max(sizes.size, Math.round(share * strata.length))).sort());
}
