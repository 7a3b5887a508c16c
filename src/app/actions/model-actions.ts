import { reportProblem } from "../../problem/problem.ts";
import { Declined, type Session } from "../../workers/session.ts";
import { isActive, type ModelState } from "../state.ts";
import { mayReplaceRun } from "./ask.ts";
import type { Get, Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";
import type { EarlierActions } from "./earlier-actions.ts";

export interface ModelActions {
  /**
   * Opens a checkpoint: loose files, a folder's files, or one zip. The one before stays if this fails. Resolves to
   * whether it is open.
   */
  openModel: (files: File[], licence?: string) => Promise<boolean>;
  dismissModelProblem: () => void;
}

export function modelActions(session: Session, set: Set, get: Get, data: DataActions & EarlierActions): ModelActions {
  const patch = (change: Partial<ModelState>) => set(({ model }) => ({ model: { ...model, ...change } }));
  return {
    async openModel(files, licence = "") {
      if (isActive(get().run.status)) return false;
      patch({ problem: null, busy: { what: "Reading the checkpoint", done: 0, total: 0 } });
      try {
        const summary = await session.openModel(
          files,
          licence,
          (busy) => patch({ busy }),
          () => mayReplaceRun(set, get),
        );
        patch({ summary, busy: null });
        // What was counted by the classes of the model before is gone too.
        set(({ data, earlier }) => ({
          data: { ...data, tokenLengths: null },
          earlier: { ...earlier, summary: null },
        }));
        if (get().earlier.choice) await data.selectEarlier();
        void data.measureLengths();
        return true;
      } catch (error) {
        patch({ busy: null, problem: error instanceof Declined ? null : reportProblem(error) });
        return false;
      }
    },
    dismissModelProblem: () => patch({ problem: null }),
  };
}
