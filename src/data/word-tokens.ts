import { labelledCount, labelsOfRow, NO_LABEL, onlyLabels, type RowLabels } from "./row-labels.ts";
import type { Texts } from "../io/text-column.ts";
import type { EncodedDataset, EncodedRows } from "./rows.ts";
import type { Word } from "./text-words.ts";

/** Numbers of a word in the labels of a text: where it begins and ends, in code points, and its class. */
export const WORD_WIDTH = 3;

/** Encoded rows whose tokens are known by where they stand. */
type SpannedRows = EncodedRows & { spans: Int32Array };

/**
 * Encoded rows with labels of tokens from those of words, as transformers' examples align them: the first token of each
 * word has its label, all others none. `wordOf` names for those tokens the word, and is −1 for the others.
 *
 * @param words of each text: `WORD_WIDTH` numbers of each word, in their order
 */
export function labelTokens(rows: SpannedRows, words: RowLabels): EncodedDataset {
  const labels = new Int32Array(rows.ids.length).fill(NO_LABEL);
  const wordOf = new Int32Array(rows.ids.length).fill(-1);
  for (let text = 0; text < labelledCount(words); text++) {
    const ofText = labelsOfRow(words, text);
    for (const [i, row] of windowsOf(rows, text).entries()) {
      for (const { token, word } of firstTokens(rows, row, i > 0, ofText)) {
        labels[token] = ofText[WORD_WIDTH * word + 2] ?? NO_LABEL;
        wordOf[token] = word;
      }
    }
  }
  return { ...rows, labels, labelStart: rows.rowStart, wordOf, ofWords: onlyLabels(words) };
}

/** The encoded rows of a text. */
function windowsOf({ textStart }: Pick<EncodedRows, "textStart">, text: number): number[] {
  if (!textStart) return [text];
  const first = textStart[text] ?? 0;
  return Array.from({ length: (textStart[text + 1] ?? 0) - first }, (_, i) => first + i);
}

/**
 * The tokens of an encoded row that begin a word. A token belongs to the first word that it has a character of.
 *
 * @param isLater whether the row is a later window of its text, which may begin within a word
 */
function* firstTokens(
  { rowStart, spans }: SpannedRows,
  row: number,
  isLater: boolean,
  words: ArrayLike<number>,
): Generator<{ token: number; word: number }> {
  let word = 0;
  let before = -1;
  let isFirst = isLater;
  for (let token = rowStart[row] ?? 0; token < (rowStart[row + 1] ?? 0); token++) {
    const [start = 0, end = 0] = spans.subarray(2 * token, 2 * token + 2);
    // Special tokens stand nowhere.
    if (end <= start) continue;
    while (WORD_WIDTH * word < words.length && (words[WORD_WIDTH * word + 1] ?? 0) <= start) word++;
    const begin = words[WORD_WIDTH * word] ?? Infinity;
    const isNew = begin < end && word > before;
    if (isNew && !(isFirst && begin < start)) yield { token, word };
    if (isNew) before = word;
    isFirst = false;
  }
}

/** Texts of which each word is asked. */
interface AskedWords {
  texts: Texts;
  /** The words of texts that came in words; null of those whose words are made of tokens. All are where not given. */
  words?: readonly (readonly Word[] | null)[] | undefined;
}

/**
 * Encoded rows of which each word is asked, without labels. Where words are made of tokens, one that continues no word
 * begins the next.
 *
 * @param continues whether a token belongs to the word of the one before
 */
export function askWords(
  rows: SpannedRows,
  { texts, words: known }: AskedWords,
  continues: (id: number, start: number, end: number, characters: readonly string[]) => boolean,
): EncodedDataset & { ofWords: RowLabels } {
  const words: number[] = [];
  const starts = new Int32Array(texts.length + 1);
  for (let text = 0; text < texts.length; text++) {
    const own = known?.[text];
    if (own) {
      words.push(...own.flatMap(({ start, end }) => [start, end, NO_LABEL]));
      starts[text + 1] = words.length;
      continue;
    }
    const characters = Array.from(texts.at(text) ?? "");
    const first = words.length;
    let seen = 0;
    for (const row of windowsOf(rows, text)) {
      for (let token = rows.rowStart[row] ?? 0; token < (rows.rowStart[row + 1] ?? 0); token++) {
        const [start = 0, end = 0] = rows.spans.subarray(2 * token, 2 * token + 2);
        // Special tokens stand nowhere, and later windows begin with tokens of the one before.
        if (end <= start || end <= seen) continue;
        const isNew = words.length === first || !continues(rows.ids[token] ?? 0, start, end, characters);
        if (isNew) words.push(Math.max(start, seen), end, NO_LABEL);
        else words[words.length - 2] = end;
        seen = end;
      }
    }
    starts[text + 1] = words.length;
  }
  const ofWords = { labels: Int32Array.from(words), labelStart: starts };
  return { ...labelTokens(rows, ofWords), ofWords };
}

/**
 * Encoded rows, each a text of its own, whose words are these tokens, all of class 0: as many as of other rows, for what
 * is not computed.
 */
export function wordsAt(rows: EncodedRows, places: Int32Array): EncodedDataset {
  const wordOf = new Int32Array(rows.ids.length).fill(-1);
  const labelStart = new Int32Array(rows.rowStart.length);
  let row = 0;
  for (const token of places) {
    while (token >= (rows.rowStart[row + 1] ?? Infinity)) labelStart[++row + 1] = labelStart[row] ?? 0;
    wordOf[token] = ((labelStart[row + 1] ?? 0) - (labelStart[row] ?? 0)) / WORD_WIDTH;
    labelStart[row + 1] = (labelStart[row + 1] ?? 0) + WORD_WIDTH;
  }
  while (row + 2 < labelStart.length) labelStart[++row + 1] = labelStart[row] ?? 0;
  const ofWords = { labels: new Int32Array(WORD_WIDTH * places.length), labelStart };
  return { ...rows, labels: new Int32Array(rows.ids.length), labelStart: rows.rowStart, wordOf, ofWords };
}

/**
 * Which of the places of encoded rows, the first tokens of words in their order, speaks for which word. Where windows
 * overlap it is that of the window in which the word stands farthest from a cut, the first of equal ones.
 */
export class WordPlaces {
  /** First word of each text, and the end [texts + 1]. */
  readonly starts: Int32Array;
  /** Number of places. */
  readonly places: number;
  /** For each place its word, counted over all texts; −1 where another place speaks for it. */
  private readonly words: Int32Array;

  /** @param texts those whose places are counted, in their order */
  constructor(
    private readonly data: EncodedDataset,
    private readonly texts: Int32Array,
  ) {
    const { ofWords, wordOf } = data;
    if (!ofWords || !wordOf) throw new Error("Encoded rows were expected to know their words.");
    this.starts = new Int32Array(texts.length + 1);
    for (const [i, text] of texts.entries()) {
      this.starts[i + 1] = (this.starts[i] ?? 0) + labelsOfRow(ofWords, text).length / WORD_WIDTH;
    }
    const found: number[] = [];
    for (const [i, text] of texts.entries()) this.collect(text, this.starts[i] ?? 0, wordOf, found);
    this.words = Int32Array.from(found);
    this.places = found.length;
  }

  /** The word that a place speaks for, or −1. */
  wordAt(place: number): number {
    return this.words[place] ?? -1;
  }

  /** The text of a word, and its place within it. */
  textOf(word: number): { text: number; place: number } {
    const { row, place } = this.rowOf(word);
    return { text: this.texts[row] ?? 0, place };
  }

  /** The same by the text's place among those whose places are counted. */
  rowOf(word: number): { row: number; place: number } {
    let [low, high] = [0, this.texts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= word) low = middle;
      else high = middle - 1;
    }
    return { row: low, place: word - (this.starts[low] ?? 0) };
  }

  /** Adds the words of the places of a text. */
  private collect(text: number, start: number, wordOf: Int32Array, found: number[]): void {
    const { rowStart } = this.data;
    const rows = windowsOf(this.data, text);
    const best = new Map<number, { place: number; margin: number }>();
    for (const [i, row] of rows.entries()) {
      const [from, to] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
      for (let token = from; token < to; token++) {
        const word = wordOf[token] ?? -1;
        if (word < 0) continue;
        const before = i === 0 ? Infinity : token - from;
        const after = i === rows.length - 1 ? Infinity : to - 1 - token;
        const margin = Math.min(before, after);
        const known = best.get(word);
        const isBetter = known === undefined || margin > known.margin;
        if (isBetter && known) found[known.place] = -1;
        if (isBetter) best.set(word, { place: found.length, margin });
        found.push(isBetter ? start + word : -1);
      }
    }
  }
}
