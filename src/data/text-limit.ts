/** What happens to a text of more tokens than the model reads at once. */
export type LongTexts = "cut" | "head-and-tail" | "windows";

/** How many tokens the model reads at once, and what happens to longer texts; a recipe is one, its other fields aside. */
export interface TextLimit {
  /** Most tokens of an encoded row, special tokens included. */
  maxLength: number;
  longTexts: LongTexts;
  /** Number of tokens that a window shares with the one before. */
  windowOverlap: number;
}

/** The limit alone, of what has more fields. */
export function textLimitOf({ maxLength, longTexts, windowOverlap }: TextLimit): TextLimit {
  return { maxLength, longTexts, windowOverlap };
}

/** Texts are cut after `maxLength` tokens. */
export function cutAt(maxLength: number): TextLimit {
  return { maxLength, longTexts: "cut", windowOverlap: 0 };
}
