import { reportProblem } from "../../problem/problem.ts";
import { Declined, type Session } from "../../workers/session.ts";
import { isActive, type ModelState } from "../state.ts";
import { mayReplaceRun } from "./ask.ts";
import type { Get, Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";
import type { EarlierActions } from "./earlier-actions.ts";
import { queue } from "./in-turn.ts";
import { refusedByRun } from "./refuse-files.ts";
import { fetched, isFetch, newestOf, type IsNewest, type Source } from "./source.ts";

export interface ModelActions {
  /**
   * Opens a checkpoint (loose files, the files of a folder, or one zip) after those of earlier calls. If this fails, the previous one stays. Resolves to whether it is open.
   */
  openModel: (files: Source<File[]>, licence?: string) => Promise<boolean>;
  dismissModelProblem: () => void;
}

export function modelActions(session: Session, set: Set, get: Get, data: DataActions & EarlierActions): ModelActions {
  const patch = (change: Partial<ModelState>) => set(({ model }) => ({ model: { ...model, ...change } }));
  const inOrder = queue();
  const newest = newestOf();

  const open = async (files: File[], licence: string, isNewest: IsNewest) => {
    if (refusedByRun(set, get, files)) return false;
    patch({ busy: { what: "Reading the checkpoint", done: 0, total: 0 } });
    const summary = await session.openModel(
      files,
      licence,
      (busy) => patch({ busy }),
      () => mayReplaceRun(set, get),
    );
    const opened = { summary, source: { files, licence } };
    patch(isNewest() ? { ...opened, busy: null } : opened);
    // Counts for the previous model's tokens and classes no longer hold.
    set(({ data, earlier }) => ({
      data: { ...data, tokenLengths: null, fit: [] },
      earlier: { ...earlier, summary: null },
    }));
    if (get().earlier.choice) await data.selectEarlier();
    void data.measureLengths();
    return true;
  };

  return {
    async openModel(source, licence = "") {
      if (isFetch(source) ? isActive(get().run.status) : refusedByRun(set, get, source)) return false;
      const isNewest = newest();
      const fetching = { what: "Fetching the starter model", done: 0, total: 0 };
      // Set now, so that no run starts between the click and the first byte; a failure before its turn stays visible.
      patch({ problem: null, busy: isFetch(source) ? fetching : { ...fetching, what: "Reading the checkpoint" } });
      try {
        const report = (done: number, total: number) => patch({ busy: { ...fetching, done, total } });
        // Files at hand take their turn immediately.
        const files = isFetch(source) ? await fetched(source, isNewest, report) : source;
        return files !== null && (await inOrder(() => open(files, licence, isNewest)));
      } catch (error) {
        if (!(error instanceof Declined)) patch({ problem: reportProblem(error) });
        return false;
      } finally {
        if (isNewest()) patch({ busy: null });
      }
    },
    dismissModelProblem: () => patch({ problem: null }),
  };
}
