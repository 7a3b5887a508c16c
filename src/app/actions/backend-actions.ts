import { reportProblem } from "../../problem/problem.ts";
import type { BackendChoice } from "../../workers/protocol.ts";
import { Declined, type Session } from "../../workers/session.ts";
import { isActive, type BackendState } from "../state.ts";
import { mayReplaceRun } from "./ask.ts";
import type { Get, Set } from "./change.ts";

export interface BackendActions {
  /** Moves the tensors to another backend; if it does not start, the previous one stays. */
  chooseBackend: (choice: BackendChoice) => Promise<void>;
  /** Measures again which matrix-multiply tile is the fastest on this GPU. */
  measureGpu: () => Promise<void>;
  dismissBackendProblem: () => void;
}

export function backendActions(session: Session, set: Set, get: Get): BackendActions {
  const patch = (change: Partial<BackendState>) => set(({ backend }) => ({ backend: { ...backend, ...change } }));
  return {
    async chooseBackend(choice) {
      if (isActive(get().run.status)) return;
      patch({ busy: true, problem: null });
      try {
        const info = await session.chooseBackend(choice, () => mayReplaceRun(set, get));
        patch({ choice, info, speeds: null, busy: false });
      } catch (error) {
        patch({ busy: false, problem: error instanceof Declined ? null : reportProblem(error) });
      }
    },
    async measureGpu() {
      patch({ measuring: { what: "Measuring how this GPU multiplies best", done: 0, total: 3 }, problem: null });
      try {
        const speeds = await session.tune((measuring) => patch({ measuring }));
        patch({ speeds, measuring: null });
      } catch (error) {
        patch({ measuring: null, problem: reportProblem(error) });
      }
    },
    dismissBackendProblem: () => patch({ problem: null }),
  };
}
