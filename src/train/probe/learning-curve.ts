import { createRandom, shuffledIndices } from "../../data/random.ts";

/** Parts of the rows that a linear model is fitted to beside all of them. */
const SHARES = [0.25, 0.5, 0.75];

/** The fewest rows of the smallest part from which anything can be told. */
const FEWEST = 20;

/** Products of a pass over all rows beyond which three more models would keep the run waiting. */
const MOST_PRODUCTS = 1e8;

/**
 * Rows of the smaller models of a learning curve, each part within the next, ascending; none of few rows, nor of so many
 * rows and classes that their fits take long.
 *
 * @param weights of the linear model
 */
export function nestedShares(rows: number, weights: number, seed: number): Int32Array[] {
  if (Math.round((SHARES[0] ?? 1) * rows) < FEWEST || rows * weights > MOST_PRODUCTS) return [];
  const order = shuffledIndices(rows, createRandom(seed));
  return SHARES.map((share) => order.slice(0, Math.round(share * rows)).sort());
}
