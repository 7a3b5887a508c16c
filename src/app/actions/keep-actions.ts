import { reportProblem } from "../../problem/problem.ts";
import type { KeptRun, Session } from "../../workers/session.ts";
import { openPage } from "../keep/page-record.ts";
import { isActive, type KeepState } from "../state.ts";
import type { BackendActions } from "./backend-actions.ts";
import type { Get, Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";
import type { ModelActions } from "./model-actions.ts";
import type { RunActions } from "./run-actions.ts";
import type { TextFileActions } from "./text-file-actions.ts";

export interface KeepActions {
  /** Whether runs are kept in the browser while they train, and how often; the browser remembers it. */
  keepRuns: (choice: Partial<Pick<KeepState, "isOn" | "minutes">>) => void;
  /** Finds out whether this browser can keep runs. */
  checkKeeping: () => Promise<void>;
  /** Looks for runs that were cut off. */
  findKept: () => Promise<void>;
  /** Opens data and model of a run that was cut off, and goes on with it from its last save. */
  goOn: (kept: KeptRun) => Promise<void>;
  /** Removes such a run from the browser, or all of them with null. */
  forgetKept: (id: string | null) => Promise<void>;
  dismissKeepProblem: () => void;
}

/** What the browser remembers of the choice: minutes between saves; nothing where runs are not kept. */
const REMEMBERED = "tabtune-keep";

type Others = Pick<DataActions, "restore"> &
  Pick<ModelActions, "openModel"> &
  Pick<TextFileActions, "openTextFile"> &
  Pick<BackendActions, "chooseBackend"> &
  Pick<RunActions, "start">;

export function keepActions(session: Session, set: Set, get: Get, others: Others): KeepActions {
  const patch = (change: Partial<KeepState>) => set(({ keep }) => ({ keep: { ...keep, ...change } }));
  const fail = (error: unknown) => patch({ busy: null, problem: reportProblem(error) });
  const findKept = async () => {
    // Where nothing can be read, nothing is kept.
    patch({ runs: await session.keptRuns().catch(() => []) });
  };
  return {
    keepRuns(choice) {
      patch(choice);
      const { isOn, minutes } = get().keep;
      remember(isOn ? minutes : null);
    },
    async checkKeeping() {
      const [reason, room] = await Promise.all([
        session.whyNothingIsKept().catch(() => "its storage cannot be read"),
        session.freeBytes().catch(() => null),
      ]);
      patch({ reason, room });
    },
    async findKept() {
      const minutes = remembered();
      if (minutes !== null) patch({ isOn: true, minutes });
      await findKept();
    },
    async goOn(kept) {
      if (isActive(get().run.status) || get().keep.busy) return;
      patch({ busy: { what: "Opening the run’s data and model", done: 0, total: 0 }, problem: null });
      try {
        const page = openPage(kept.page, await session.keptFiles(kept.id));
        if (!page) {
          patch({ busy: null });
          return await findKept();
        }
        const { model, snapshot, textFile, backend, minutes } = page;
        patch({ minutes });
        // Cross-validations are not kept.
        set(({ folds }) => ({ folds: { ...folds, isOn: false } }));
        if (backend !== get().backend.choice) await others.chooseBackend(backend);
        const isOpen = (await others.openModel(model.files, model.licence)) && (await others.restore(snapshot));
        if (isOpen && textFile) await others.openTextFile(textFile);
        patch({ busy: null });
        if (isOpen) await others.start(kept.id);
        await findKept();
      } catch (error) {
        fail(error);
      }
    },
    async forgetKept(id) {
      try {
        await session.removeKept(id);
        await findKept();
      } catch (error) {
        fail(error);
      }
    },
    dismissKeepProblem: () => patch({ problem: null }),
  };
}

function remembered(): number | null {
  try {
    const minutes = Number(localStorage.getItem(REMEMBERED));
    return minutes > 0 ? minutes : null;
  } catch {
    return null;
  }
}

function remember(minutes: number | null): void {
  try {
    if (minutes === null) localStorage.removeItem(REMEMBERED);
    else localStorage.setItem(REMEMBERED, `${minutes}`);
  } catch {
    // The choice holds for this page alone.
  }
}
