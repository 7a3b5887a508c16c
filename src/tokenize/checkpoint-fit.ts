import { cutAt } from "../data/text-limit.ts";
import { Int32List } from "../io/int32-list.ts";
import type { Texts } from "../io/text-column.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** How well a checkpoint's tokenizer fits some texts. */
export interface CheckpointFit {
  /** Number of texts that were looked at, spread over all. */
  texts: number;
  words: number;
  /** Pieces of the tokenizer per word; 1.1 to 1.7 is usual for the language that a checkpoint is for. */
  piecesPerWord: number;
  /** Share of the pieces that are the unknown token; null where the tokenizer has none. */
  unknownShare: number | null;
  /** The most frequent words in which something is unknown, with their counts. */
  unknownWords: { word: string; count: number }[];
  /** The scripts of the words, the most frequent first. */
  scripts: ScriptFit[];
  /** Share of the letters with case that are capitals. */
  capitals: number;
  /** Share of the texts with more tokens than the model has positions. */
  beyondPositions: number;
}

interface ScriptFit {
  script: string;
  /** Share of the words. */
  share: number;
  /** Pieces per letter of its words: near 1 where the tokenizer knows only single letters. */
  piecesPerLetter: number;
  /** Share of its words in which something is unknown. */
  unknown: number;
}

/** The checkpoint's side. */
interface FittedTo {
  tokenizer: Tokenizer;
  unknownId: number | null;
  maxPositions: number;
}

const MOST_TEXTS = 2000;
const SHOWN_WORDS = 10;
/** Only the beginning of a text is looked at word by word. */
const MOST_CHARACTERS = 5000;

const SCRIPTS = [
  ...["Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil", "Telugu", "Thai"],
  ...["Georgian", "Armenian", "Hangul", "Hiragana", "Katakana", "Han", "Ethiopic", "Khmer", "Lao", "Myanmar"],
].map((script) => ({ script, letter: new RegExp(`\\p{Script=${script}}`, "u") }));

/** Counts words, pieces, unknown tokens, scripts and capitals of up to 2,000 texts spread over all. */
export function checkpointFit(texts: Texts, { tokenizer, unknownId, maxPositions }: FittedTo): CheckpointFit {
  const pieces = pieceReader(tokenizer);
  const taken = Math.min(MOST_TEXTS, texts.length);
  const scripts = new Map<string, { words: number; pieces: number; letters: number; unknown: number }>();
  const unknownWords = new Map<string, number>();
  const sum = { words: 0, pieces: 0, unknown: 0, capitals: 0, cased: 0, beyond: 0 };
  const known = new Map<string, { count: number; unknown: number }>();
  const read = (word: string) => {
    const before = known.get(word);
    if (before) return before;
    const ids = pieces.read(` ${word}`);
    const found = { count: ids.length, unknown: ids.filter((id) => id === unknownId).length };
    known.set(word, found);
    return found;
  };
  for (let i = 0; i < taken; i++) {
    const text = texts.at(Math.floor((i * texts.length) / taken)) ?? "";
    if (pieces.lengthOf(text) > maxPositions) sum.beyond++;
    for (const word of text.slice(0, MOST_CHARACTERS).split(/\s+/)) {
      if (word === "") continue;
      const { count, unknown } = read(word);
      sum.words++;
      sum.pieces += count;
      sum.unknown += unknown;
      if (unknown > 0) unknownWords.set(word, (unknownWords.get(word) ?? 0) + 1);
      sum.capitals += word.match(/\p{Lu}/gu)?.length ?? 0;
      sum.cased += word.match(/\p{Lu}|\p{Ll}/gu)?.length ?? 0;
      const letters = word.match(/\p{L}/gu)?.length ?? 0;
      const script = SCRIPTS.find(({ letter }) => letter.test(word))?.script;
      if (script === undefined || letters === 0) continue;
      const own = scripts.get(script) ?? { words: 0, pieces: 0, letters: 0, unknown: 0 };
      own.words++;
      own.pieces += count;
      own.letters += letters;
      own.unknown += unknown > 0 ? 1 : 0;
      scripts.set(script, own);
    }
  }
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const ofScripts = [...scripts].reduce((all, [, { words }]) => all + words, 0);
  return {
    texts: taken,
    words: sum.words,
    piecesPerWord: share(sum.pieces, sum.words),
    unknownShare: unknownId === null ? null : share(sum.unknown, sum.pieces),
    unknownWords: [...unknownWords]
      .sort(([, a], [, b]) => b - a)
      .slice(0, SHOWN_WORDS)
      .map(([word, count]) => ({ word: word.slice(0, 40), count })),
    scripts: [...scripts]
      .sort(([, a], [, b]) => b.words - a.words)
      .map(([script, { words, pieces: all, letters, unknown }]) => ({
        script,
        share: share(words, ofScripts),
        piecesPerLetter: share(all, letters),
        unknown: share(unknown, words),
      })),
    capitals: share(sum.capitals, sum.cased),
    beyondPositions: share(sum.beyond, taken),
  };
}

/** Reads the pieces of a text without special tokens; `lengthOf` counts with them. */
function pieceReader(tokenizer: Tokenizer) {
  const rows = { ids: new Int32List(512), types: new Int32List(512), rowEnds: new Int32List(4) };
  const whole = cutAt(2 ** 30);
  const append = (text: string) => {
    rows.ids.length = rows.types.length = rows.rowEnds.length = 0;
    return tokenizer.append(text, null, whole, rows);
  };
  append("");
  const frame = new Set(rows.ids.values.subarray(0, rows.ids.length));
  const piecesOf = (text: string) => {
    append(text);
    return [...rows.ids.values.subarray(0, rows.ids.length)].filter((id) => !frame.has(id));
  };
  return { read: piecesOf, lengthOf: append };
}
