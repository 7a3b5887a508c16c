/**
 * How many dispatches go into one submission. The work of a submission is kept under about 100 ms, by measured cost:
 * Windows resets a GPU that does not answer for 2 s, and a page whose GPU is busy cannot draw.
 *
 * Buffers that a submission has used return to tfjs's pool only with it, so the number decides how much memory a step
 * takes. It is a power of two, so that the submissions of a smaller number end wherever those of a larger one do, and
 * after some read-backs it no longer goes above what it has been: from then on memory does not grow.
 */
const TARGET_MS = 100;
/** Most dispatches of a submission. */
export const MOST_DISPATCHES = 64;
const SETTLING_READS = 8;

let perSubmission = 16;
let highest = perSubmission;
let highestWatched = perSubmission;
let reads = 0;
let sinceMeasure = 0;
let measureStart = 0;

/** Called where other work begins: the number may rise again for some read-backs. */
export function settleAnew(): void {
  highest = perSubmission;
  reads = 0;
}

/** Called for every recorded dispatch. */
export function countDispatch(): void {
  if (sinceMeasure++ === 0) measureStart = performance.now();
}

/** Called when a read-back shows that all recorded work is done. */
export function workDone(): void {
  if (sinceMeasure > 0) {
    const msPerDispatch = (performance.now() - measureStart) / sinceMeasure;
    const wanted = Math.min(MOST_DISPATCHES, Math.max(1, TARGET_MS / msPerDispatch));
    const rounded = 2 ** Math.floor(Math.log2(wanted));
    perSubmission = reads++ < SETTLING_READS ? rounded : Math.min(highest, rounded);
    highest = Math.max(highest, perSubmission);
    highestWatched = Math.max(highestWatched, perSubmission);
  }
  sinceMeasure = 0;
}

/** Watches from now on: the function returned tells the most dispatches of a submission since then. */
export function watchSubmissions(): () => number {
  highestWatched = 1;
  return () => highestWatched;
}

export function dispatchesPerSubmission(): number {
  return perSubmission;
}
