/** What happens to a text of more tokens than the model reads at once. */
export type LongTexts = "cut" | "head-and-tail" | "windows";

/** How many tokens the model reads at once, and what happens to longer texts; a recipe is one, its other fields aside. */
export interface TextLimit {
  /** Most tokens of an encoded row, special tokens included. */
  maxLength: number;
  longTexts: LongTexts;
  /** Number of tokens that a window shares with the one before. */
  windowOverlap: number;
  /** Whether it is wanted where each token stands in its text; not where not given. */
  spans?: true;
}

/** The limit alone, of what has more fields. */
export function textLimitOf({ maxLength, longTexts, windowOverlap, spans }: TextLimit): TextLimit {
  return { maxLength, longTexts, windowOverlap, ...(spans && { spans }) };
}

/** The overlap of windows where a limit has none. */
const USUAL_OVERLAP = 32;

/** The same for texts of which every word is asked: longer ones are read in windows, whatever else would happen to them. */
export function wordLimit({ maxLength, longTexts, windowOverlap }: TextLimit): TextLimit {
  const wanted = longTexts !== "windows" && windowOverlap === 0 ? USUAL_OVERLAP : windowOverlap;
  // A window has two special tokens, and room for twice the overlap and one token more.
  const most = Math.max(0, (maxLength - 3) >> 1);
  return { maxLength, longTexts: "windows", windowOverlap: Math.min(wanted, most), spans: true };
}

/** Texts are cut after `maxLength` tokens. */
export function cutAt(maxLength: number): TextLimit {
  return { maxLength, longTexts: "cut", windowOverlap: 0 };
}
