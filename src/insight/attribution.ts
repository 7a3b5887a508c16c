import { wordsOfText, type Word } from "../data/text-words.ts";

/**
 * How contributions are computed: integrated gradients (Sundararajan et al. 2017), gradient × input (Shrikumar et al.
 * 2016), or by leaving each word out once (occlusion; Zeiler and Fergus 2014).
 */
export const attributionMethods = ["integrated-gradients", "gradient-input", "leave-one-out"] as const;
export type AttributionMethod = (typeof attributionMethods)[number];

/** A stretch of one of the texts, and what it adds to an output. */
export interface Contribution {
  /** The text that it stands in: 0, or 1 for the second text of a pair. */
  of: 0 | 1;
  /** Code points, end not included. */
  start: number;
  end: number;
  score: number;
}

/** Which parts of a text drove one output of a model. Outputs are logits; of a model of numbers, the number itself. */
export interface Attribution {
  method: AttributionMethod;
  /** The texts as the model read them: cleaned, where the run that trained it cleaned them. */
  texts: readonly string[];
  /** Name of the output, e.g. the predicted class. */
  label: string;
  /** Where words have outputs of their own: the word that was asked. */
  at?: Word;
  tokens: Contribution[];
  words: Contribution[];
  /** The output for the text as it is. */
  output: number;
  /**
   * The output for what the text is compared with: for gradients all tokens but the special ones replaced by padding; the
   * output itself where each word is left out once.
   */
  baseline: number;
  /** output − baseline. */
  difference: number;
  /** Sum of the scores of all tokens; of words where each is left out once. */
  sum: number;
  /** Points at which gradients were computed; passes without a word where each is left out. */
  steps: number;
  /** Whether the sum is the difference to 1 %; only integrated gradients promise that. */
  isComplete: boolean;
}

/** Whether a sum is a difference to 1 %; differences within the rounding of float32 are 0. */
export function isComplete(sum: number, difference: number, output: number): boolean {
  return Math.abs(sum - difference) <= 0.01 * Math.abs(difference) + 1e-6 * Math.max(1, Math.abs(output));
}

/** The words of both texts and, where tokens stand outside of all words, those tokens' own stretches. */
export function wordStretches(texts: readonly string[], tokens: readonly Omit<Contribution, "score">[]) {
  return texts.flatMap((text, which) => {
    const of = which === 0 ? (0 as const) : (1 as const);
    const words = wordsOfText(text, []);
    const outside = new Map<number, Word>();
    for (const { of: own, start, end } of tokens) {
      if (own === of && placeOfWord(words, { start, end }) === -1) outside.set(start, { start, end });
    }
    return [...words, ...outside.values()].sort((a, b) => a.start - b.start).map((word) => ({ of, ...word }));
  });
}

/** The place of the first word that a stretch has a character of, or −1. */
export function placeOfWord(words: readonly Word[], { start, end }: Word): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return (words[low]?.start ?? Infinity) < end ? low : -1;
}

/** Contributions of words: the sums over the tokens that begin in each. Words without a token have none. */
export function ofWords(texts: readonly string[], tokens: readonly Contribution[]): Contribution[] {
  const stretches = wordStretches(texts, tokens);
  const sums = new Map<number, number>();
  const places = [0, 1].map((which) => {
    const first = stretches.findIndex(({ of }) => of === which);
    return { first, words: stretches.filter(({ of }) => of === which) };
  });
  for (const token of tokens) {
    const own = places[token.of];
    const place = own ? placeOfWord(own.words, token) : -1;
    if (!own || place < 0) continue;
    sums.set(own.first + place, (sums.get(own.first + place) ?? 0) + token.score);
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .flatMap(([place, score]) => {
      const word = stretches[place];
      return word ? [{ ...word, score }] : [];
    });
}

/** Largest contributions first, whatever their sign. */
export function bySize(contributions: readonly Contribution[]): Contribution[] {
  return [...contributions].sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
}
