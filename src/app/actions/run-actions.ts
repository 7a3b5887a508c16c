import { sharesLayers } from "../../plan/weights.ts";
import { reportProblem } from "../../problem/problem.ts";
import type { Session } from "../../workers/session.ts";
import { blockers } from "../blockers.ts";
import { hasTrained } from "../run-outcome.ts";
import { idleRun, isActive, type RunState } from "../state.ts";
import { mayStartAgain } from "./ask.ts";
import type { Get, Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";
import { supportsOf } from "../tasks/setup-panels.ts";

export interface RunActions {
  /**
   * Starts a run, if nothing blocks it; asks first when a model would be lost that was not downloaded. If the new run does not begin, a trained run before it comes back.
   */
  start: () => Promise<void>;
  /** Pauses the run after the current step; until then it is "pausing". */
  pause: () => Promise<void>;
  resume: () => Promise<void>;
  /** Ends the run after a last evaluation; its best and last weights are kept. */
  stop: () => Promise<void>;
  /** Records that the trained weights were downloaded. */
  markDownloaded: () => void;
  dismissRunProblem: () => void;
}

export function runActions(
  session: Session,
  set: Set,
  get: Get,
  { lengthsCounted }: Pick<DataActions, "lengthsCounted">,
): RunActions {
  const patch = (change: Partial<RunState>) => set(({ run }) => ({ run: { ...run, ...change } }));
  const fail = (error: unknown) => patch({ problem: reportProblem(error) });
  return {
    async start() {
      if (blockers(get()).length > 0 || !(await mayStartAgain(set, get))) return;
      const { run: before } = get();
      if (isActive(before.status)) return;
      if (get().recipe.automatic.includes("maxLength") && get().data.measuring) {
        set({ run: { ...idleRun(), status: "preparing", progress: get().data.measuring } });
        await lengthsCounted();
        if (get().run.status === "stopping") return set({ run: hasTrained(before) ? before : idleRun() });
      }
      const { recipe, data, earlier, model } = get();
      const run: RunState = { ...idleRun(), status: "preparing", recipe, labelNames: data.summary?.labelNames ?? [] };
      run.earlierTask = earlier.choice && { name: earlier.choice.source.name, kind: earlier.choice.kind };
      run.facts = {
        trainCounts: supportsOf(data.summary),
        longerThan: data.tokenLengths?.longerThan ?? null,
        mostTokens: model.summary?.maxPositions ?? null,
        layers: model.summary?.layers ?? null,
        sharesLayers: model.summary !== null && sharesLayers(model.summary),
      };
      run.progress = { what: "Tokenizing", done: 0, total: 0 };
      set({ run });
      try {
        await session.start(recipe);
        if (get().run.status === "preparing") patch({ status: "training", progress: null });
        // A stop during the preparation came before there was a run to stop.
        if (get().run.status === "stopping") await session.stop();
      } catch (error) {
        // Stopping a preparation is no failure.
        const cancelled = get().run.status === "stopping";
        // The worker keeps a trained run until the next one is loaded.
        if (hasTrained(before)) set({ run: before });
        else set({ run: cancelled ? idleRun() : { ...get().run, status: "failed", progress: null } });
        if (!cancelled) fail(error);
      }
    },
    async pause() {
      if (get().run.status !== "training") return;
      patch({ status: "pausing" });
      await session.pause().catch(fail);
    },
    async resume() {
      const { status } = get().run;
      if (status !== "pausing" && status !== "paused") return;
      patch({ status: "training" });
      await session.resume().catch(fail);
    },
    async stop() {
      const { status } = get().run;
      if (!isActive(status) || status === "stopping") return;
      patch({ status: "stopping" });
      await session.stop().catch(fail);
    },
    markDownloaded: () => patch({ downloaded: true }),
    dismissRunProblem: () => patch({ problem: null }),
  };
}
