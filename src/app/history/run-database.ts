import { openDB, type IDBPObjectStore } from "idb";
import type { KeptRun } from "./kept-run.ts";

/** Where runs are kept. Every method rejects where the browser keeps nothing. */
export interface RunDatabase {
  /** All that is kept, as it was put there, maybe by another version of the page. */
  all(): Promise<unknown[]>;
  put(runs: readonly KeptRun[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

/** The browser's database of runs; documented in SECURITY.md. */
const NAME = "tabtune-history";
const STORE = "runs";
type Store = IDBPObjectStore<unknown, [typeof STORE], typeof STORE, "readwrite">;

/** Keeps runs in IndexedDB. */
export function browserRuns(): RunDatabase {
  const opening = openDB(NAME, 1, {
    upgrade: (database) => void database.createObjectStore(STORE, { keyPath: "id" }),
  });
  // Each call reports it; until the first one nobody waits for it.
  opening.catch(() => undefined);
  /** All of the change or nothing; rejects once that is known, e.g. where the storage is full. */
  const changing = async (change: (store: Store) => Promise<unknown>[]) => {
    const transaction = (await opening).transaction(STORE, "readwrite");
    await Promise.all([...change(transaction.objectStore(STORE)), transaction.done]);
  };
  return {
    all: async () => (await opening).getAll(STORE),
    put: (runs) => changing((store) => runs.map((run) => store.put(run))),
    remove: (ids) => changing((store) => ids.map((id) => store.delete(id))),
    clear: () => changing((store) => [store.clear()]),
  };
}
