import type { Recipe } from "../recipe/recipe.ts";
import type { LengthHistogram } from "../workers/protocol.ts";

/** Special tokens around a text, of most tokenizers. */
const SPECIALS = 2;

/**
 * Mean number of windows of a row, by the lengths of the rows in tokens. The windows of pairs are estimated: only their
 * second texts are cut into windows.
 */
export function windowsPerRow(
  { longerThan }: LengthHistogram,
  { maxLength, windowOverlap }: Pick<Recipe, "maxLength" | "windowOverlap">,
): number {
  const rows = longerThan[0] ?? 0;
  const step = Math.max(1, maxLength - SPECIALS - windowOverlap);
  let windows = rows;
  // A row of more than n tokens has a further window for each step that fits below n.
  for (let length = maxLength; length < longerThan.length; length += step) windows += longerThan[length] ?? 0;
  return rows === 0 ? 1 : windows / rows;
}
