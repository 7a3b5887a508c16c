import { dropoutKey, randomWord } from "../ops/dropout/random.ts";

/** `count` seeded draws, even between -bound and bound. */
export function uniformValues(count: number, bound: number, seed: number): Float32Array<ArrayBuffer> {
  const key = dropoutKey(seed, 0, 0, 0xfffd);
  return Float32Array.from({ length: count }, (_, i) => bound * (2 * ((randomWord(key, i) + 0.5) / 2 ** 32) - 1));
}

/** `count` seeded draws from a normal distribution of mean 0 (Box & Muller 1958). */
export function normalValues(count: number, deviation: number, seed: number): Float32Array<ArrayBuffer> {
  const key = dropoutKey(seed, 0, 0, 0xffff);
  const uniform = (i: number) => (randomWord(key, i) + 0.5) / 2 ** 32;
  return Float32Array.from({ length: count }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(uniform(2 * i)));
    return deviation * radius * Math.cos(2 * Math.PI * uniform(2 * i + 1));
  });
}
