import { Declined, type Allow } from "../../workers/session.ts";
import { isActive, type Snapshot } from "../state.ts";
import { mayReplaceRun } from "./ask.ts";
import { remember, snapshotOf, type Get, type Set } from "./change.ts";
import { refusedByRun } from "./refuse-files.ts";

/** Whether a change of data is recorded in the history, and which files it opens. */
export interface ChangeOptions {
  /** False for undo and redo. */
  history?: boolean;
  /** Refused with a message if a run is active when their turn comes. */
  files?: readonly File[];
}

/**
 * Runs a change of data in its turn; resolves to whether it was allowed. The change calls `allow` once its new data is
 * ready, and rejects with `Declined` after a no.
 */
export type InTurn = (work: (allow: Allow) => Promise<void>, options?: ChangeOptions) => Promise<boolean>;

/** Runs works one after the other, in the order of the calls; an error of one does not affect the next. */
export function queue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Makes the queue of changes of data; a change that changed something is recorded in the history. */
export function changesInTurn(set: Set, get: Get): InTurn {
  const inOrder = queue();
  return (work, { history = true, files = [] } = {}) =>
    inOrder(async () => {
      if (files.length > 0 ? refusedByRun(set, get, files) : isActive(get().run.status)) return false;
      const before = snapshotOf(get());
      try {
        await work(() => mayReplaceRun(set, get));
      } catch (error) {
        if (error instanceof Declined) return false;
        throw error;
      }
      if (history && isChanged(before, snapshotOf(get()))) remember(set, before);
      return true;
    });
}

function isChanged(before: Snapshot, after: Snapshot): boolean {
  return (
    after.train !== before.train ||
    after.validation !== before.validation ||
    after.test !== before.test ||
    after.columns !== before.columns ||
    after.cleaning !== before.cleaning ||
    after.edits !== before.edits ||
    after.earlier !== before.earlier ||
    after.recipe !== before.recipe
  );
}
