import type { LabelledRows } from "./rows.ts";
import type { LengthHistogram } from "./summary.ts";

/** Longer rows are counted together, since no model reads further. */
const LONGEST_COUNTED = 8192;
const MOST_BINS = 40;

/** Number of words (runs of anything but white space) of each row, both texts of a pair together: `lengths[rows]`. */
export function wordLengths(rows: LabelledRows): Int32Array {
  const { texts, pairs } = rows;
  const lengths = new Int32Array(texts.length);
  for (let row = 0; row < lengths.length; row++) {
    lengths[row] = countWords(texts.at(row) ?? "") + countWords(pairs?.at(row) ?? "");
  }
  return lengths;
}

/** Two lists of lengths, concatenated. */
export function joined(first: Int32Array, second: Int32Array): Int32Array {
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/**
 * The histogram of lengths: at most 40 bins of a round width (1, 2, 5, 10, 20…). Rows of more than 8,192 units count
 * in the last bin; `longest` and `mean` are exact.
 */
export function histogramOfLengths(lengths: Int32Array, unit: "words" | "tokens"): LengthHistogram {
  let longest = 0;
  let sum = 0;
  for (const length of lengths) {
    longest = Math.max(longest, length);
    sum += length;
  }
  const counted = Math.min(longest, LONGEST_COUNTED);
  const binWidth = roundWidth(counted / MOST_BINS);
  const counts = new Array<number>(Math.max(1, Math.ceil(counted / binWidth))).fill(0);
  const rowsOfLength = new Float64Array(counted + 1);
  for (const length of lengths) {
    const bin = Math.min(Math.max(0, Math.ceil(length / binWidth) - 1), counts.length - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
    const cut = Math.min(length, counted);
    rowsOfLength[cut] = (rowsOfLength[cut] ?? 0) + 1;
  }

  // At the cut itself, rows that are longer still must stay counted.
  let longer = 0;
  for (const length of lengths) if (length > counted) longer++;
  const longerThan = new Array<number>(counted + 1).fill(longer);
  for (let length = counted - 1; length >= 0; length--) {
    const atNext = (rowsOfLength[length + 1] ?? 0) - (length + 1 === counted ? longer : 0);
    longerThan[length] = (longerThan[length + 1] ?? 0) + atNext;
  }
  return { unit, binWidth, counts, longest, mean: lengths.length === 0 ? 0 : sum / lengths.length, longerThan };
}

/** The smallest of 1, 2, 5, 10, 20, 50… that is not below `least`. */
function roundWidth(least: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of [1, 2, 5]) if (step * power >= least) return step * power;
  }
}

/** Counts the words without making strings of them. */
function countWords(text: string): number {
  let words = 0;
  let inWord = false;
  for (let index = 0; index < text.length; index++) {
    const isSpace = isWhiteSpace(text.charCodeAt(index));
    if (!isSpace && !inWord) words++;
    inWord = !isSpace;
  }
  return words;
}

function isWhiteSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13);
  return code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029;
}
