import { openDB } from "idb";
import type { TuningStore } from "../run/tune.ts";

const NAME = "tabtune";
const STORE = "tuning";

/** Keeps measurements in the browser's database; where that is not available (a private window), nothing is kept. */
export function browserTuningStore(): TuningStore {
  const opened = openDB(NAME, 1, { upgrade: (database) => void database.createObjectStore(STORE) }).catch(() => null);
  return {
    async read(key) {
      const kept: unknown = await (await opened)?.get(STORE, key);
      return kept;
    },
    async write(key, tuning) {
      await (await opened)?.put(STORE, tuning, key);
    },
  };
}
