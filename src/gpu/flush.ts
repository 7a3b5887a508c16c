/**
 * How many dispatches go into one submission. The work of a submission is kept under about 100 ms, by measured cost:
 * Windows resets a GPU that does not answer for 2 s, and a page whose GPU is busy cannot draw.
 */
const TARGET_MS = 100;
/** Most dispatches of a submission. */
export const MOST_DISPATCHES = 64;

let perSubmission = 16;
let sinceMeasure = 0;
let measureStart = 0;

/** Called for every recorded dispatch. */
export function countDispatch(): void {
  if (sinceMeasure++ === 0) measureStart = performance.now();
}

/**
 * Called when a read-back shows that what was recorded before it is done. Of steps read one bunch behind, the next bunch
 * counts already, and that of the time before does not: bunches are alike, so that the cost of a dispatch comes out.
 */
export function workDone(): void {
  if (sinceMeasure > 0) {
    const msPerDispatch = (performance.now() - measureStart) / sinceMeasure;
    perSubmission = Math.floor(Math.min(MOST_DISPATCHES, Math.max(1, TARGET_MS / msPerDispatch)));
  }
  sinceMeasure = 0;
}

export function dispatchesPerSubmission(): number {
  return perSubmission;
}
