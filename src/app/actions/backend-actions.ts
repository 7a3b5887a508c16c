import { reportProblem } from "../../problem/problem.ts";
import type { BackendChoice } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import type { BackendState } from "../state.ts";
import { mayReplaceRun } from "./ask.ts";
import type { Get, Set } from "./change.ts";

export interface BackendActions {
  /** Moves the tensors to another backend; where it does not start, the one before stays. */
  chooseBackend: (choice: BackendChoice) => Promise<void>;
  /** Measures anew how the GPU multiplies best. */
  measureGpu: () => Promise<void>;
  dismissBackendProblem: () => void;
}

export function backendActions(session: Session, set: Set, get: Get): BackendActions {
  const patch = (change: Partial<BackendState>) => set(({ backend }) => ({ backend: { ...backend, ...change } }));
  return {
    async chooseBackend(choice) {
      if (!(await mayReplaceRun(set, get))) return;
      patch({ busy: true, problem: null });
      try {
        const info = await session.chooseBackend(choice);
        patch({ choice, info, speeds: null, busy: false });
      } catch (error) {
        patch({ busy: false, problem: reportProblem(error) });
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
