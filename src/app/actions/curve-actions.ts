import { reportProblem } from "../../problem/problem.ts";
import type { Session } from "../../workers/session.ts";
import { type CurveState, emptyCurve } from "../state.ts";
import type { Get, Set } from "./change.ts";

export interface CurveActions {
  /** Fine-tunes on shares of the run's training rows too, beside the run that has ended. */
  makeCurve: () => Promise<void>;
  stopCurve: () => Promise<void>;
  dismissCurve: () => void;
}

export function curveActions(session: Session, set: Set, get: Get): CurveActions {
  const fail = (of: object) => (error: unknown) => {
    // Another run has taken the place of what failed.
    if (get().curve.of === of) set({ curve: { ...emptyCurve, of, problem: reportProblem(error) } });
  };
  return {
    async makeCurve() {
      const { run, curve } = get();
      const of = run.steps;
      if (curve.progress) return;
      const take = (change: Partial<CurveState>) => {
        if (get().run.steps === of) set({ curve: { ...emptyCurve, of, ...change } });
      };
      take({ progress: { what: "Loading weights", done: 0, total: 0 } });
      await session.learningCurve((progress) => take({ progress })).then((points) => take({ points }), fail(of));
    },
    async stopCurve() {
      const { curve } = get();
      if (curve.progress && curve.of) await session.stop().catch(fail(curve.of));
    },
    dismissCurve: () => set(({ curve }) => ({ curve: { ...curve, problem: null } })),
  };
}

/** What is known of the learning curve of the present run. */
export function curveOf({ curve, run }: Pick<ReturnType<Get>, "curve" | "run">): CurveState {
  return curve.of === run.steps ? curve : emptyCurve;
}
