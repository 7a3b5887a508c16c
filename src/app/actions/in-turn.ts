import { Declined, type Allow } from "../../workers/session.ts";
import { isActive, type Snapshot } from "../state.ts";
import { mayReplaceRun } from "./ask.ts";
import { remember, snapshotOf, type Get, type Set } from "./change.ts";

/**
 * Runs a change of data in its turn; resolves to whether it was allowed. The change calls `allow` once what it brings
 * stands ready, and rejects with `Declined` after a no. `history` is false for undo and redo.
 */
export type InTurn = (work: (allow: Allow) => Promise<void>, history?: boolean) => Promise<boolean>;

/** Changes of data run one after the other, and stand in the history where they changed something. */
export function changesInTurn(set: Set, get: Get): InTurn {
  let queue: Promise<unknown> = Promise.resolve();
  return (work, history = true) => {
    const turn = async () => {
      if (isActive(get().run.status)) return false;
      const before = snapshotOf(get());
      try {
        await work(() => mayReplaceRun(set, get));
      } catch (error) {
        if (error instanceof Declined) return false;
        throw error;
      }
      if (history && isChanged(before, snapshotOf(get()))) remember(set, before);
      return true;
    };
    const result = queue.then(turn);
    queue = result.catch(() => undefined);
    return result;
  };
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
