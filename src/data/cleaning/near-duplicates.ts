import { groupRows } from "../groups.ts";
import type { LabelledRows } from "../rows.ts";
import { BANDS, bandKeys, gramHashes } from "./minhash.ts";
import { jaccard, normalized, shingles } from "./shingles.ts";

/** From which Jaccard index of character 5-grams on two texts are near duplicates. */
export const NEAR = 0.8;

/** Two different texts that are near duplicates, by their numbers in `groupRows`, the smaller first. */
interface NearPair {
  first: number;
  second: number;
  /** Jaccard index; the lower one of both texts where rows are pairs of texts. */
  similarity: number;
}

type RowTexts = Pick<LabelledRows, "texts" | "pairs">;

/** After this many comparisons or pairs the search ends: many rows of one template have as many pairs as rows squared. */
const MOST_COMPARED = 5_000_000;
const MOST_PAIRS = 20_000;

/**
 * Pairs of different texts with a Jaccard index of at least 0.8 of their character 5-grams, in lower case and with single
 * spaces. MinHash (Broder 1997) in bands proposes pairs, and misses one at 0.8 about 3 times in a million; the exact index
 * decides. Of rows with two texts both must be that alike.
 *
 * @param isWanted whether a pair is worth comparing, by the texts' numbers
 * @returns `isComplete`: false where so many texts are alike that not all of them were compared
 */
export function nearDuplicates(
  rows: RowTexts,
  isWanted: (first: number, second: number) => boolean = () => true,
): { pairs: NearPair[]; isComplete: boolean } {
  const pairs: NearPair[] = [];
  const isComplete = searchNear(rows, isWanted, (pair) => pairs.push(pair) < MOST_PAIRS);
  pairs.sort((a, b) => a.second - b.second || a.first - b.first);
  return { pairs, isComplete };
}

/**
 * Rows that near duplicates link, directly or over others, get the same number (as the clusters of Lee et al. 2022).
 *
 * @returns `groupOf` [rows], numbers from 0 in order of first appearance, and their `count`
 */
export function nearGroups(rows: RowTexts): { groupOf: Int32Array; count: number } {
  const { groupOf: textOf, count } = groupRows(rows);
  const parents = Int32Array.from({ length: count }, (_, text) => text);
  const rootOf = (text: number) => {
    let root = text;
    while (parents[root] !== root) root = parents[root] = parents[parents[root] ?? 0] ?? 0;
    return root;
  };
  searchNear(
    rows,
    (first, second) => rootOf(first) !== rootOf(second),
    ({ first, second }) => {
      const [a, b] = [rootOf(first), rootOf(second)];
      parents[Math.max(a, b)] = Math.min(a, b);
      return true;
    },
  );
  const numbers = new Map<number, number>();
  const groupOf = textOf.map((text) => {
    const root = rootOf(text);
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
  return { groupOf, count: numbers.size };
}

/** Calls `found` for each pair, until that returns false. Returns whether all pairs were compared. */
function searchNear(
  rows: RowTexts,
  isWanted: (first: number, second: number) => boolean,
  found: (pair: NearPair) => boolean,
): boolean {
  const { groupOf, count } = groupRows(rows);
  const rowOf = new Int32Array(count).fill(-1);
  for (let row = groupOf.length - 1; row >= 0; row--) rowOf[groupOf[row] ?? 0] = row;
  const textsOf = (group: number) => {
    const row = rowOf[group] ?? 0;
    return [rows.texts.at(row) ?? "", ...(rows.pairs === null ? [] : [rows.pairs.at(row) ?? ""])].map(normalized);
  };
  const keys = new Uint32Array(count * BANDS);
  for (let group = 0; group < count; group++) keys.set(bandKeys(gramHashes(textsOf(group))), group * BANDS);

  const compare = comparer(textsOf);
  let compared = 0;
  for (let band = 0; band < BANDS; band++) {
    for (const members of buckets(keys, band, count)) {
      for (const [at, second] of members.entries()) {
        for (const first of members.subarray(0, at)) {
          if (metBefore(keys, first, second, band) || !isWanted(first, second)) continue;
          if (++compared > MOST_COMPARED) return false;
          const similarity = compare(first, second);
          if (similarity >= NEAR && !found({ first, second, similarity })) return false;
        }
      }
    }
  }
  return true;
}

/** The texts that share a key in a band, in their order, where there are at least two. */
function* buckets(keys: Uint32Array, band: number, count: number): Generator<Int32Array> {
  // A key and the text's number in one float: 32 and 21 bits. Sorting these is faster than a map of lists.
  const width = 2 ** 21;
  const sorted = Float64Array.from({ length: count }, (_, group) => (keys[group * BANDS + band] ?? 0) * width + group);
  sorted.sort();
  for (let from = 0, to = 0; from < count; from = to) {
    const key = Math.floor((sorted[from] ?? 0) / width);
    while (to < count && Math.floor((sorted[to] ?? 0) / width) === key) to++;
    if (to - from > 1) yield Int32Array.from(sorted.subarray(from, to), (entry) => entry % width);
  }
}

/** Whether two texts share the key of a band before this one, where they were compared already. */
function metBefore(keys: Uint32Array, first: number, second: number, band: number): boolean {
  for (let before = 0; before < band; before++) {
    if (keys[first * BANDS + before] === keys[second * BANDS + before]) return true;
  }
  return false;
}

/** Hashes of 5-grams say almost exactly how alike texts are; the 5-grams themselves decide from here on. */
const NEARLY = NEAR - 0.01;
const KEPT = 20_000;

/** The Jaccard index of two texts, or a number below `NEAR` where it is lower. */
function comparer(textsOf: (group: number) => string[]): (first: number, second: number) => number {
  const kept = new Map<number, Int32Array>();
  const hashesOf = (group: number) => {
    const known = kept.get(group);
    if (known) return known;
    if (kept.size >= KEPT) kept.clear();
    const hashes = gramHashes(textsOf(group)).sort();
    const distinct = hashes.filter((hash, at) => at === 0 || hash !== hashes[at - 1]);
    kept.set(group, distinct);
    return distinct;
  };
  return (first, second) => {
    const estimated = sortedIndex(hashesOf(first), hashesOf(second));
    if (estimated < NEARLY) return estimated;
    const [a, b] = [first, second].map((group) => textsOf(group).map(shingles));
    return Math.min(...(a ?? []).map((grams, part) => jaccard(grams, b?.[part] ?? new Set())));
  };
}

/** The Jaccard index of two ascending lists; 0 where their lengths alone say that it is too low. */
function sortedIndex(a: Int32Array, b: Int32Array): number {
  if (Math.min(a.length, b.length) < NEARLY * Math.max(a.length, b.length)) return 0;
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i] ?? 0, b[j] ?? 0];
    if (one === other) shared++;
    if (one <= other) i++;
    if (other <= one) j++;
  }
  return shared / (a.length + b.length - shared);
}
