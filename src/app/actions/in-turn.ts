import { Declined, type Allow } from "../../workers/session.ts";
import { isActive, type Snapshot } from "../state.ts";
import { mayReplaceRun } from "./ask.ts";
import { remember, snapshotOf, type Get, type Set } from "./change.ts";
import { refusedByRun } from "./refuse-files.ts";

/** What a change of data does with the history, and which files it opens. */
export interface ChangeOptions {
  /** False for undo and redo. */
  history?: boolean;
  /** Refused in words where a run is under way when their turn comes. */
  files?: readonly File[];
}

/**
 * Runs a change of data in its turn; resolves to whether it was allowed. The change calls `allow` once what it brings
 * stands ready, and rejects with `Declined` after a no.
 */
export type InTurn = (work: (allow: Allow) => Promise<void>, options?: ChangeOptions) => Promise<boolean>;

/** Runs works one after the other, in the order in which they were asked for; what one throws is its own. */
export function queue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Changes of data run one after the other, and stand in the history where they changed something. */
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
    after.columns !== before.columns ||
    after.cleaning !== before.cleaning ||
    after.earlier !== before.earlier ||
    after.recipe !== before.recipe ||
    after.automatic !== before.automatic
  );
}
