import type { Device } from "../../gpu/device.ts";
import type { Budget } from "./budget.ts";

/** The time of one piece of work on the GPU. */
export interface WorkTime {
  /** Milliseconds of one repeat, without the wait for the answer. */
  ms: number;
  repeats: number;
  /** Milliseconds by which the first call was slower: programs were compiled; null where there was time for one call alone. */
  compileMs: number | null;
}

/** Repeats must take this much longer than an idle wait, whose own time varies by a few milliseconds. */
const LEAST_MS = 30;
const MOST_REPEATS = 4096;

/**
 * Times recorded work by the wall clock: as many repeats before one wait as it takes to be well beyond an idle wait,
 * which some browsers answer only after 100 ms.
 *
 * @param record records the work once and frees its outputs
 * @param idleMs what a wait takes when nothing was recorded
 * @returns the time, or why there is none
 */
export async function timeWork(
  device: Pick<Device, "done">,
  record: () => void,
  { idleMs, budget }: { idleMs: number; budget: Budget },
): Promise<WorkTime | string> {
  const run = async (repeats: number) => {
    const start = budget.clock();
    for (let i = 0; i < repeats; i++) record();
    await device.done();
    return Math.max(0, budget.clock() - start - idleMs);
  };
  if (!budget.fits(idleMs)) return budget.reason;
  const first = await run(1);
  let time: Omit<WorkTime, "compileMs"> | null = null;
  let repeats = 1;
  // The first call may have compiled for seconds, so it says little about the second.
  while (budget.fits(time ? idleMs + repeats * time.ms : idleMs)) {
    const ms = await run(repeats);
    time = { ms: ms / repeats, repeats };
    if (ms >= LEAST_MS || repeats >= MOST_REPEATS) break;
    const wanted = Math.ceil((1.2 * LEAST_MS * repeats) / Math.max(ms, 0.01));
    repeats = Math.min(MOST_REPEATS, Math.max(2 * repeats, Math.min(wanted, 32 * repeats)));
  }
  if (!time) return { ms: first, repeats: 1, compileMs: null };
  return { ...time, compileMs: Math.max(0, first - time.ms) };
}
