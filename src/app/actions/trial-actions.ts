import { reportProblem } from "../../problem/problem.ts";
import type { Session } from "../../workers/session.ts";
import { blockers } from "../blockers.ts";
import { isActive, type RateSearch, estimatedRun, type Estimate } from "../state.ts";
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

export interface EstimateActions {
  /** Predicts memory and times a few steps, if nothing blocks a start; the result is in `estimate`. */
  estimateRun: () => Promise<void>;
  /** Ends the timing; the memory is reported all the same. */
  stopEstimate: () => Promise<void>;
  dismissEstimate: () => void;
}

export function estimateActions(session: Session, set: Set, get: Get): EstimateActions {
  const patch = (change: Partial<Estimate>) => set(({ estimate }) => ({ estimate: { ...estimate, ...change } }));
  return {
    async estimateRun() {
      const { run, estimate, recipe } = get();
      if (isActive(run.status) || estimate.progress || blockers(get()).length > 0) return;
      const of = estimatedRun(get());
      patch({ progress: { what: "Tokenizing", done: 0, total: 0 }, problem: null, plan: null });
      try {
        const plan = await session.plan(recipe, (progress) => patch({ progress }));
        patch({ plan, of, progress: null });
      } catch (error) {
        patch({ problem: reportProblem(error), progress: null });
      }
    },
    async stopEstimate() {
      if (get().estimate.progress)
        await session.stop().catch((error: unknown) => patch({ problem: reportProblem(error) }));
    },
    dismissEstimate: () => patch({ plan: null, problem: null }),
  };
}
