import { reportProblem } from "../../problem/problem.ts";
import type { Session } from "../../workers/session.ts";
import { blockers } from "../blockers.ts";
import { isActive, type RateSearch } from "../state.ts";
import type { Get, Set } from "./change.ts";

export interface RateActions {
  /** Sweeps over learning rates, if nothing blocks a start; the curve is in `rateSearch`. */
  findRate: () => Promise<void>;
  /** Ends the sweep; the curve so far stays. */
  stopRateSearch: () => Promise<void>;
  dismissRateSearch: () => void;
}

export function rateActions(session: Session, set: Set, get: Get): RateActions {
  const patch = (change: Partial<RateSearch>) =>
    set(({ rateSearch }) => ({ rateSearch: { ...rateSearch, ...change } }));
  return {
    async findRate() {
      const { run, rateSearch, recipe } = get();
      if (isActive(run.status) || rateSearch.progress || blockers(get()).length > 0) return;
      patch({ progress: { what: "Tokenizing", done: 0, total: 0 }, problem: null });
      try {
        const curve = await session.findRate(recipe, (progress) => patch({ progress }));
        patch({ curve, progress: null });
      } catch (error) {
        patch({ problem: reportProblem(error), progress: null });
      }
    },
    async stopRateSearch() {
      if (get().rateSearch.progress)
        await session.stop().catch((error: unknown) => patch({ problem: reportProblem(error) }));
    },
    dismissRateSearch: () => patch({ curve: null, problem: null }),
  };
}
