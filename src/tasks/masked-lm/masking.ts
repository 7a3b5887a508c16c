import { gatherBatch, lengthOf, type Batch } from "../../data/batches.ts";
import { createRandom, shuffledIndices } from "../../data/random.ts";
import type { EncodedDataset, EncodedRows } from "../../data/rows.ts";
import type { TextVocabulary } from "../../data/text-vocabulary.ts";

/** A vocabulary that has a token to mask with. */
export type MaskingVocabulary = Pick<TextVocabulary, "special" | "continuation"> & { maskId: number };

export interface MaskingOptions {
  /** Share of the tokens that are chosen, more than 0 and at most 1. */
  share: number;
  /** Whether all pieces of a word are chosen together. */
  wholeWords: boolean;
  seed: number;
}

/** Rows with some tokens changed; `labels` are the original tokens at `places`. */
export type MaskedBatch = Batch & { places: Int32Array };

/**
 * Masks tokens of rows for a language model (Devlin et al. 2019, section 3.1). In each row `share` of the tokens that
 * are not special is chosen, at least one; 80 % of these become [MASK], 10 % a random token, 10 % stay. With
 * `wholeWords`, words are chosen in random order, skipping those that would exceed the share (as in Devlin's code for
 * whole-word masking). The seed, the row's index and `round` (e.g. the epoch) decide.
 */
export function maskedBatch(
  data: EncodedRows,
  rows: Int32Array,
  vocabulary: MaskingVocabulary,
  options: MaskingOptions,
  round: number,
): MaskedBatch {
  const batch = gatherBatch({ ...data, labels: new Int32Array(0) }, rows);
  const drawable = drawableIds(vocabulary);
  const places: number[] = [];
  const labels: number[] = [];
  rows.forEach((row, i) => {
    const random = createRandom(
      (options.seed ^ Math.imul(round + 2, 0x9e3779b1) ^ Math.imul(row + 1, 0x85ebca6b)) >>> 0,
    );
    const [from, to] = [batch.rowStart[i] ?? 0, batch.rowStart[i + 1] ?? 0];
    for (const place of chosenPlaces(batch, from, to, vocabulary, options, random)) {
      const id = batch.ids[place] ?? 0;
      places.push(place);
      labels.push(id);
      const lot = random();
      if (lot < 0.8) batch.ids[place] = vocabulary.maskId;
      else if (lot < 0.9) batch.ids[place] = drawable[Math.floor(random() * drawable.length)] ?? id;
    }
  });
  return { ...batch, labels: Int32Array.from(labels), places: Int32Array.from(places) };
}

/** The largest number of places chosen in a row; a word longer than the share counts whole where it is the only one. */
export function mostPlaces(
  data: EncodedRows,
  row: number,
  vocabulary: MaskingVocabulary,
  { share, wholeWords }: MaskingOptions,
): number {
  const words = wordsOf(data, data.rowStart[row] ?? 0, data.rowStart[row + 1] ?? 0, vocabulary, wholeWords);
  const tokens = words.reduce((sum, { length }) => sum + length, 0);
  return Math.max(wanted(tokens, share), ...words.map(({ length }) => length));
}

/** The rows that have a token to choose, in order; the others teach a language model nothing. */
export function maskableRows(data: EncodedRows, vocabulary: MaskingVocabulary): EncodedRows {
  const dataset: EncodedDataset = { ...data, labels: new Int32Array(0) };
  const count = data.rowStart.length - 1;
  const kept: number[] = [];
  for (let row = 0; row < count; row++) {
    const ids = data.ids.subarray(data.rowStart[row], data.rowStart[row + 1]);
    if (ids.some((id) => vocabulary.special[id] !== 1)) kept.push(row);
  }
  if (kept.length === count) return data;
  const rows = Int32Array.from(kept);
  const { ids, types, rowStart } = gatherBatch(dataset, rows);
  return { ids, types, rowStart, fullLengths: rows.map((row) => data.fullLengths[row] ?? lengthOf(dataset, row)) };
}

interface Word {
  start: number;
  length: number;
}

/** Places to change, sorted: the share of `tokens`, or fewer where words do not add up to it. */
function chosenPlaces(
  tokens: { ids: Int32Array; types: Int32Array },
  from: number,
  to: number,
  vocabulary: MaskingVocabulary,
  { share, wholeWords }: MaskingOptions,
  random: () => number,
): number[] {
  const words = wordsOf(tokens, from, to, vocabulary, wholeWords);
  const most = wanted(
    words.reduce((sum, { length }) => sum + length, 0),
    share,
  );
  const order = Array.from(shuffledIndices(words.length, random), (at) => words[at] ?? { start: 0, length: 0 });
  const chosen: Word[] = [];
  let count = 0;
  for (const word of order) {
    if (count + word.length > most) continue;
    chosen.push(word);
    count += word.length;
    if (count === most) break;
  }
  // Every word is longer than the share.
  if (count === 0) chosen.push(...order.slice(0, 1));
  return chosen.flatMap(({ start, length }) => Array.from({ length }, (_, i) => start + i)).sort((a, b) => a - b);
}

const wanted = (tokens: number, share: number) => (tokens === 0 ? 0 : Math.max(1, Math.round(share * tokens)));

/** The units that are chosen: words, or single tokens. */
function wordsOf(
  { ids, types }: { ids: Int32Array; types: Int32Array },
  from: number,
  to: number,
  { special, continuation }: MaskingVocabulary,
  wholeWords: boolean,
): Word[] {
  const words: Word[] = [];
  let last: Word | null = null;
  for (let at = from; at < to; at++) {
    const id = ids[at] ?? 0;
    if (special[id] === 1) {
      last = null;
      continue;
    }
    if (wholeWords && last && continuation[id] === 1 && types[at] === types[at - 1]) last.length++;
    else words.push((last = { start: at, length: 1 }));
  }
  return words;
}

function drawableIds({ special }: MaskingVocabulary): Int32Array {
  return Int32Array.from(special.keys()).filter((id) => special[id] !== 1);
}
