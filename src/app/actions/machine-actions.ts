import { reportProblem } from "../../problem/problem.ts";
import type { Session } from "../../workers/session.ts";
import { startFrameMeter } from "../frame-meter.ts";
import { isActive, type AppState, type MachineState } from "../state.ts";
import type { Get, Set } from "./change.ts";

export interface MachineActions {
  /** Measures for two minutes what this machine can do, if nothing else is at work on it; the result is in `machine`. */
  measureMachine: () => Promise<void>;
  /** Ends the measurement; what was measured so far stays. */
  stopMeasuring: () => Promise<void>;
  dismissMachine: () => void;
}

/** Why this machine cannot be measured now; null where it can. */
export function machineBlocker({ run, rateSearch, estimate, backend }: AppState): string | null {
  if (isActive(run.status)) return "Wait until the run has ended, or stop it: both would be slower.";
  if (rateSearch.progress || estimate.progress) return "Wait until the steps on trial have ended.";
  if (backend.busy || backend.measuring) return "Wait until the backend is ready.";
  if (backend.info && backend.info.backend !== "webgpu") return "Choose the backend WebGPU: only a GPU is measured.";
  return null;
}

export function machineActions(session: Session, set: Set, get: Get): MachineActions {
  const patch = (change: Partial<MachineState>) => set(({ machine }) => ({ machine: { ...machine, ...change } }));
  return {
    async measureMachine() {
      if (get().machine.progress || machineBlocker(get()) !== null) return;
      patch({ progress: { what: "Starting the backend", done: 0, total: 0 }, measured: null, problem: null });
      const meter = startFrameMeter();
      try {
        const { measurement, summary } = await session.measureMachine((progress) => {
          meter.part(progress.what);
          patch({ progress });
        });
        patch({ measured: { measurement: { ...measurement, frames: meter.stop() }, summary }, progress: null });
      } catch (error) {
        meter.stop();
        patch({ problem: reportProblem(error), progress: null });
      }
    },
    async stopMeasuring() {
      if (!get().machine.progress) return;
      await session.stop().catch((error: unknown) => patch({ problem: reportProblem(error) }));
    },
    dismissMachine: () => patch({ measured: null, problem: null }),
  };
}
