import { createStore, type StoreApi } from "zustand/vanilla";
import { Problem } from "../../problem/problem.ts";
import { keptRunFrom, longest, type KeptRun } from "./kept-run.ts";
import { browserRuns, type RunDatabase } from "./run-database.ts";

/** What the list of runs shows. */
interface HistoryState {
  /** Newest first. */
  runs: readonly KeptRun[];
  /** Whether the browser's database was read, or could not be. */
  isRead: boolean;
  /** Why runs are not kept, in words; "" where they are. */
  trouble: string;
  /** Number of runs that a later version of the page has kept. */
  later: number;
  /** What was removed last and can be put back. */
  removed: { says: string; runs: readonly KeptRun[] } | null;
}

/** The runs that ended in this browser, and those that were imported. No method rejects. */
export interface RunHistory extends Pick<StoreApi<HistoryState>, "getState" | "subscribe" | "getInitialState"> {
  /** Reads what is kept; another tab may have changed it. */
  read(): Promise<void>;
  /** Puts runs in the list; one with the same id is replaced. */
  add(runs: readonly KeptRun[]): Promise<void>;
  /** Changes a run, unless it was deleted meanwhile. */
  change(id: string, patch: Partial<Omit<KeptRun, "id">>): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Puts back what was removed last. */
  restore(): Promise<void>;
  forgetAll(): Promise<void>;
}

/**
 * A history over a database. Where that keeps nothing, runs stay in the list as long as the page does.
 *
 * @param announce tells other tabs that they have to read again
 */
export function createHistory(database: RunDatabase, announce: () => void = () => undefined): RunHistory {
  const store = createStore<HistoryState>(() => ({ runs: [], isRead: false, trouble: "", later: 0, removed: null }));
  /** Runs that could not be written, by id. */
  const unwritten = new Map<string, KeptRun>();
  /** Number of changes so far: what was read before the last of them is old. */
  let changes = 0;

  const show = (runs: Iterable<KeptRun>) =>
    store.setState({ runs: [...runs].sort((a, b) => b.endedAt - a.endedAt || a.id.localeCompare(b.id)) });

  /** Makes a change of the database; where it fails the list says so. Resolves to whether it was made. */
  const write = async (change: () => Promise<void>, what: string) => {
    changes++;
    try {
      await change();
      announce();
      return true;
    } catch (error) {
      store.setState({ trouble: troubleText(error, what) });
      return false;
    }
  };

  const put = async (runs: readonly KeptRun[]) => {
    for (const run of runs) unwritten.set(run.id, run);
    const others = store.getState().runs.filter(({ id }) => !unwritten.has(id));
    show([...others, ...unwritten.values()]);
    // Those that could not be written before may have room by now.
    const waiting = [...unwritten.values()];
    const names = runs.map(({ name }) => `“${name}”`).join(", ");
    if (!(await write(() => database.put(waiting), names))) return;
    for (const run of waiting) if (unwritten.get(run.id) === run) unwritten.delete(run.id);
    if (unwritten.size === 0) store.setState({ trouble: "" });
  };

  const take = async (change: () => Promise<void>, removed: readonly KeptRun[], says: string) => {
    if (removed.length === 0) return;
    for (const { id } of removed) unwritten.delete(id);
    show(store.getState().runs.filter((run) => !removed.includes(run)));
    store.setState({ removed: { says, runs: removed } });
    await write(change, "the change");
  };

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    async read() {
      let kept: unknown[];
      let before: number;
      try {
        do {
          before = changes;
          kept = await database.all();
        } while (before !== changes);
      } catch (error) {
        return store.setState({ isRead: true, trouble: troubleText(error, "runs") });
      }
      const readable = kept.flatMap((one) => {
        try {
          return [keptRunFrom(one, "a run")];
        } catch {
          return [];
        }
      });
      show([...readable.filter(({ id }) => !unwritten.has(id)), ...unwritten.values()]);
      store.setState({ isRead: true, later: kept.length - readable.length });
    },
    add: put,
    async change(id, patch) {
      const run = store.getState().runs.find((one) => one.id === id);
      if (run) await put([{ ...run, ...patch }]);
    },
    async remove(ids) {
      const removed = store.getState().runs.filter(({ id }) => ids.includes(id));
      const says = removed.length === 1 ? `“${removed[0]?.name}” was deleted.` : `${removed.length} runs were deleted.`;
      await take(() => database.remove(ids), removed, says);
    },
    async restore() {
      const { removed } = store.getState();
      store.setState({ removed: null });
      if (removed) await put(removed.runs);
    },
    async forgetAll() {
      const removed = store.getState().runs;
      await take(() => database.clear(), removed, "All runs were forgotten.");
    },
  };
}

/** Why something is not kept, and what to do. */
function troubleText(error: unknown, what: string): string {
  if (error instanceof Error && error.name === "QuotaExceededError") {
    return `The browser’s storage for this page is full: ${what} could not be kept, and is listed until this tab is closed. Delete runs that you no longer need, or export them.`;
  }
  const why = error instanceof Problem ? error.found : error instanceof Error ? error.message : String(error);
  return `This browser window keeps nothing for this page, as private windows may (${why}). Runs are listed until this tab is closed; export those that you want to keep.`;
}

/** A name that no run has yet: with a number where it is taken, cut where it is too long. */
export function freeName(wanted: string, runs: readonly Pick<KeptRun, "name">[]): string {
  const taken = new Set(runs.map(({ name }) => name));
  const base =
    wanted
      .trim()
      .slice(0, longest.name - 5)
      .trim() || "Run";
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base} ${number}`)) return `${base} ${number}`;
}

let ofPage: RunHistory | null = null;

/** The history of this page: kept by the browser, the same in all of its tabs. */
export function pageHistory(): RunHistory {
  if (ofPage) return ofPage;
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("tabtune-history");
  const history = createHistory(browserRuns(), () => channel?.postMessage("changed"));
  if (channel) channel.onmessage = () => void history.read();
  void history.read();
  return (ofPage = history);
}
