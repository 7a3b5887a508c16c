import { askWords, WORD_WIDTH, WordPlaces } from "../../data/word-tokens.ts";
import type { EncodedRows } from "../../data/rows.ts";
import type { Word } from "../../data/text-words.ts";
import type { Contribution } from "../../insight/attribution.ts";
import type { TokenBatch } from "../../ops/device-batch.ts";
import { continuesWord } from "../../tokenize/subwords.ts";
import type { TokenizerFiles } from "../../tokenize/tokenizer.ts";

/** A text, or a pair of texts, whose prediction is explained. */
export interface ExplainedText {
  texts: readonly string[];
  /** The words of a text that came in words, where the task asks words. */
  words?: readonly Word[] | null;
  /** The same encoded, with spans. */
  rows: EncodedRows;
  tokenizer: TokenizerFiles;
}

/** What is explained of an encoded row: a text, or a window of one, whose output counts `share` in that of the text. */
export interface ExplainedRow {
  ids: Int32Array;
  types: Int32Array;
  /** Where each token stands; null of special tokens. */
  spans: (Omit<Contribution, "score"> | null)[];
  /** The token whose output is asked; null where a row has one output. */
  place: number | null;
  share: number;
}

/** The encoded rows of a text. */
export function explainedRows({ texts, rows }: ExplainedText): ExplainedRow[] {
  const count = rows.rowStart.length - 1;
  if (!rows.spans) throw new Error("The tokens of an explained text were expected to know where they stand.");
  const { spans } = rows;
  return Array.from({ length: count }, (_, row) => {
    const [from, to] = [rows.rowStart[row] ?? 0, rows.rowStart[row + 1] ?? 0];
    // Special tokens stand nowhere; those after the first text divide it from the second.
    let of: 0 | 1 = 0;
    let hasBegun = false;
    const own = Array.from({ length: to - from }, (_, i) => {
      const [start = 0, end = 0] = spans.subarray(2 * (from + i), 2 * (from + i) + 2);
      if (end <= start) {
        if (hasBegun && texts.length === 2 && start === 0) of = 1;
        return null;
      }
      hasBegun = true;
      return { of, start, end };
    });
    return {
      ids: rows.ids.subarray(from, to),
      types: rows.types.subarray(from, to),
      spans: own,
      place: null,
      share: 1 / count,
    };
  });
}

/** Each word with the window that speaks for it, whose first token of the word is asked. */
export function askedWords(asked: ExplainedText): { word: Word; row: ExplainedRow }[] {
  const { rows, texts, words = null, tokenizer } = asked;
  if (!rows.spans) throw new Error("The tokens of an explained text were expected to know where they stand.");
  const data = askWords({ ...rows, spans: rows.spans }, { texts, words: [words] }, continuesWord(tokenizer));
  const places = new WordPlaces(data, Int32Array.of(0));
  const own = explainedRows(asked);
  const found: { word: Word; row: ExplainedRow }[] = [];
  let place = 0;
  for (const [i, row] of own.entries()) {
    for (let token = rows.rowStart[i] ?? 0; token < (rows.rowStart[i + 1] ?? 0); token++) {
      if ((data.wordOf?.[token] ?? -1) < 0) continue;
      const word = places.wordAt(place++);
      if (word < 0) continue;
      const [start = 0, end = 0] = data.ofWords.labels.subarray(WORD_WIDTH * word, WORD_WIDTH * word + 2);
      found.push({ word: { start, end }, row: { ...row, place: token - (rows.rowStart[i] ?? 0), share: 1 } });
    }
  }
  return found.sort((a, b) => a.word.start - b.word.start);
}

/** Rows laid end to end. */
export function batchOf(rows: readonly ExplainedRow[]): TokenBatch {
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach(({ ids }, row) => (rowStart[row + 1] = (rowStart[row] ?? 0) + ids.length));
  const places = rows.flatMap(({ place }, row) => (place === null ? [] : [(rowStart[row] ?? 0) + place]));
  return {
    ids: Int32Array.from(rows.flatMap(({ ids }) => [...ids])),
    types: Int32Array.from(rows.flatMap(({ types }) => [...types])),
    positions: Int32Array.from(rows.flatMap(({ ids }) => [...ids.keys()])),
    rowStart,
    ...(places.length > 0 && { places: Int32Array.from(places) }),
  };
}
