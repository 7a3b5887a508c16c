import { runningDevice } from "../gpu/running.ts";
import { Problem } from "../problem/problem.ts";
import type { TextTask } from "../tasks/task.ts";

/** Places of a batch are rounded up to a multiple of this. */
export const PLACES_STEP = 16;

/**
 * How many rows a batch of a task of texts may have: its logits, a row of as many floats as the vocabulary has words for
 * each hidden token, must fit into what a shader of this GPU binds at once. Infinity off the GPU.
 *
 * @param mostPlaces hidden tokens of a row, at most
 * @throws Problem when those of one row do not fit
 */
export function rowsThatFit(task: TextTask, mostPlaces: number): number {
  const bytes = runningDevice().largestBinding;
  const words = task.outputs([]);
  const places = Math.floor(bytes / (4 * words * PLACES_STEP)) * PLACES_STEP;
  if (mostPlaces <= places) return Math.floor(places / mostPlaces);
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  throw new Problem({
    found: `A text has up to ${mostPlaces} ${task.hidden}: their scores against ${words} words take ${megabytes(4 * words * mostPlaces)}.`,
    expected: `This GPU takes at most ${megabytes(bytes)} in one piece.`,
    remedy: `${task.hideFewer}, or train on the processor (backend “wasm”).`,
  });
}
