import { createRandom } from "../random.ts";
import { GRAM } from "./shingles.ts";

/** Number of bands, and of minima in each: 1 − (1 − 0.8⁴)²⁴ of all pairs at 0.8 share a band, all but 3 in a million. */
export const BANDS = 24;
const ROWS = 4;

const random = createRandom(0x5eed);
const draw = () => Math.floor(random() * 2 ** 32) | 0;
const MASKS = Int32Array.from({ length: BANDS * ROWS }, draw);
const FACTORS = Int32Array.from({ length: BANDS * ROWS }, () => draw() | 1);

/**
 * MinHash of the 5-grams of a row's normalized texts (Broder 1997), put together band by band: two texts share a band's key
 * with the probability of their Jaccard index to the power of 4.
 *
 * @param hashes of the 5-grams; one that comes twice changes nothing
 * @returns keys [BANDS]
 */
export function bandKeys(hashes: Int32Array): Uint32Array {
  const minima = new Int32Array(BANDS * ROWS).fill(0x7fffffff);
  for (let at = 0; at < minima.length; at++) {
    const [mask, factor] = [MASKS[at] ?? 0, FACTORS[at] ?? 1];
    let least = 0x7fffffff;
    // An index is twice as fast here as an iterator.
    for (let gram = 0; gram < hashes.length; gram++) {
      const value = Math.imul((hashes[gram] ?? 0) ^ mask, factor);
      least = value < least ? value : least;
    }
    minima[at] = least;
  }
  return Uint32Array.from({ length: BANDS }, (_, band) => {
    let key = 0;
    for (let row = 0; row < ROWS; row++) key = mixed(key ^ (minima[band * ROWS + row] ?? 0)) + row;
    return key >>> 0;
  });
}

/** A hash of each 5-gram of a row's normalized texts, which differ by the text that they are of. */
export function gramHashes(texts: readonly string[]): Int32Array {
  const hashes: number[] = [];
  texts.forEach((text, part) => {
    const codes = /[\ud800-\udfff]/.test(text)
      ? Array.from(text, (character) => character.codePointAt(0) ?? 0)
      : Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
    for (let at = 0; at === 0 || at + GRAM <= codes.length; at++) hashes.push(hashOf(codes, at, part));
  });
  return Int32Array.from(hashes);
}

/** FNV-1a over code points, mixed at the end. */
function hashOf(codes: readonly number[], from: number, part: number): number {
  let hash = (0x811c9dc5 ^ part) | 0;
  const to = Math.min(codes.length, from + GRAM);
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (codes[at] ?? 0), 0x01000193);
  return mixed(hash);
}

/** The end of MurmurHash3: each bit changes half of the others. */
function mixed(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
