import { createRandom, shuffledIndices } from "../../data/random.ts";
import type { EncodedDataset } from "../../data/rows.ts";
import { textCount } from "../../data/windows.ts";

/** Products of a pass over all texts; of more texts a share is taken. The limit is the same on every machine. */
const MOST_PRODUCTS = 8e11;
/** Products of a pass of the fit over its training texts; with thousands of classes it would take minutes. */
const MOST_FIT_PRODUCTS = 3e8;

/** Texts that a probe is fitted to and scored on, in file order. */
interface ProbedTexts {
  train: Int32Array;
  validation: Int32Array;
}

interface Limit {
  mostTokens: number;
  /** Training texts at most; all where not given. */
  mostTrain?: number;
  fewest: number;
  seed: number;
}

const FEWEST_TEXTS = 500;

/** The limit of a probe with these weights on the vectors of a model. */
export function probeLimit(productsPerToken: number, weights: number, seed: number): Limit {
  return {
    mostTokens: MOST_PRODUCTS / productsPerToken,
    mostTrain: mostFitted(weights),
    fewest: FEWEST_TEXTS,
    seed,
  };
}

/** The training texts that a linear model with these weights is fitted to at most. */
export const mostFitted = (weights: number): number => Math.floor(MOST_FIT_PRODUCTS / weights);

/**
 * The texts of a probe: all, or by the seed as many as stay within `mostTokens`, of which the validation texts take at
 * most half, and within `mostTrain`. At least `fewest` of each part are taken, where there are as many.
 */
export function probedTexts(
  { train, validation }: { train: EncodedDataset; validation: EncodedDataset },
  { mostTokens, mostTrain = Infinity, fewest, seed }: Limit,
): ProbedTexts {
  const held = share(validation, { mostTokens: mostTokens / 2, most: Infinity, fewest, seed });
  const fitted = share(train, { mostTokens: mostTokens - held.tokens, most: mostTrain, fewest, seed });
  return { train: fitted.texts, validation: held.texts };
}

function share(
  data: EncodedDataset,
  { mostTokens, most, fewest, seed }: { mostTokens: number; most: number; fewest: number; seed: number },
) {
  const order = shuffledIndices(textCount(data), createRandom(seed));
  let tokens = 0;
  let count = 0;
  for (const text of order) {
    const own = tokensOf(data, text);
    if (count >= fewest && (count >= most || tokens + own > mostTokens)) break;
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
