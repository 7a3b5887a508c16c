import { createRandom, shuffledIndices } from "../../data/random.ts";
import type { EncodedDataset } from "../../data/rows.ts";
import { textCount } from "../../data/windows.ts";

/** Products of a pass over all texts; of more texts a share is taken. The limit is the same on every machine. */
export const MOST_PRODUCTS = 8e11;

/** Texts that a probe is fitted to and scored on, in file order. */
interface ProbedTexts {
  train: Int32Array;
  validation: Int32Array;
}

/**
 * The texts of a probe: all, or by the seed as many as stay within `mostTokens`, of which the validation texts take at
 * most half. At least `fewest` of each part are taken, where there are as many.
 */
export function probedTexts(
  { train, validation }: { train: EncodedDataset; validation: EncodedDataset },
  { mostTokens, fewest, seed }: { mostTokens: number; fewest: number; seed: number },
): ProbedTexts {
  const held = share(validation, mostTokens / 2, fewest, seed);
  return { train: share(train, mostTokens - held.tokens, fewest, seed).texts, validation: held.texts };
}

function share(data: EncodedDataset, mostTokens: number, fewest: number, seed: number) {
  const order = shuffledIndices(textCount(data), createRandom(seed));
  let tokens = 0;
  let count = 0;
  for (const text of order) {
    const own = tokensOf(data, text);
    if (count >= fewest && tokens + own > mostTokens) break;
    tokens += own;
    count++;
  }
  return { texts: order.slice(0, count).sort(), tokens };
}

/** Tokens of a text, in all of its windows. */
function tokensOf({ rowStart, textStart }: EncodedDataset, text: number): number {
  const [from, to] = textStart ? [textStart[text] ?? 0, textStart[text + 1] ?? 0] : [text, text + 1];
  return (rowStart[to] ?? 0) - (rowStart[from] ?? 0);
}
