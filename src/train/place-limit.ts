import { runningDevice } from "../gpu/running.ts";
import { Problem } from "../problem/problem.ts";

/** Places of a batch are rounded up to a multiple of this. */
export const PLACES_STEP = 16;

/**
 * How many rows a batch of a masked language model may have: its logits, a row of `vocabulary` floats for each masked
 * token, must fit into what a shader of this GPU binds at once. Infinity off the GPU.
 *
 * @param mostPlaces masked tokens of a row, at most
 * @throws Problem when those of one row do not fit
 */
export function rowsOfMasked(mostPlaces: number, vocabulary: number): number {
  const bytes = runningDevice().largestBinding;
  const places = Math.floor(bytes / (4 * vocabulary * PLACES_STEP)) * PLACES_STEP;
  if (mostPlaces <= places) return Math.floor(places / mostPlaces);
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  throw new Problem({
    found: `A text has up to ${mostPlaces} masked tokens: their scores against ${vocabulary} words take ${megabytes(4 * vocabulary * mostPlaces)}.`,
    expected: `This GPU takes at most ${megabytes(bytes)} in one piece.`,
    remedy: "Lower the max length or the share of masked tokens, or train on the processor (backend “wasm”).",
  });
}
