import { f32, u32, type Uniform } from "../../gpu/program.ts";

/**
 * The counter-based generator behind dropout: a mask is a pure function of (seed, step, micro-batch, site, element),
 * so nothing is stored, the backward pass repeats it, and every backend gives the same. `dropout.wgsl` is its twin.
 * Mixing function: Chris Wellons' "lowbias32" (nullprogram.com, "Prospecting for hash functions", 2018).
 */
function mix(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** What one dropout site of one forward pass needs to know; the same value goes to its backward pass. */
export interface Dropout {
  /** Share of the elements that become zero, 0 ≤ rate < 1. */
  rate: number;
  /** Two words made from seed, step, micro-batch and site. */
  key: readonly [number, number];
}

/** No element is dropped. */
export const NO_DROPOUT: Dropout = { rate: 0, key: [0, 0] };

/** The key of one site. All arguments are integers ≥ 0. */
export function dropoutKey(seed: number, step: number, microBatch: number, site: number): [number, number] {
  const where = mix(mix(mix(step + 1) ^ microBatch) + site);
  return [mix(seed ^ where), mix(where + 0x9e3779b9)];
}

/** Elements whose random word is below this are dropped. */
function dropThreshold(rate: number): number {
  return Math.min(0xffffffff, Math.floor(rate * 2 ** 32));
}

/** The random word of one element: 32 bits. `block` counts the 2³² elements before it. */
export function randomWord(key: readonly [number, number], element: number, block = 0): number {
  return mix(mix(element ^ key[0]) + key[1] + Math.imul(block, 0x9e3779b9));
}

/** Factor of one element: 0 when dropped, else 1 / (1 − rate). */
export function keepFactor(dropout: Dropout, element: number, block = 0): number {
  if (dropout.rate === 0) return 1;
  return randomWord(dropout.key, element, block) < dropThreshold(dropout.rate) ? 0 : 1 / (1 - dropout.rate);
}

/** The fields of the WGSL struct `Dropout`, in order. */
export function dropoutUniforms({ rate, key }: Dropout): Uniform[] {
  return [u32(key[0]), u32(key[1]), u32(dropThreshold(rate)), f32(1 / (1 - rate))];
}

/** The arguments of a kernel in `kernels.as` that drops: both words of the key, threshold, and factor of what is kept. */
export function dropoutNumbers({ rate, key }: Dropout): [number, number, number, number] {
  return [...key, dropThreshold(rate), 1 / (1 - rate)];
}
