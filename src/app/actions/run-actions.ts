import { sharesLayers } from "../../plan/weights.ts";
import { reportProblem } from "../../problem/problem.ts";
import type { KeepRequest, Tested } from "../../workers/protocol.ts";
import { recordPage } from "../keep/page-record.ts";
import type { Session } from "../../workers/session.ts";
import { blockers } from "../blockers.ts";
import type { RunLock } from "../run-lock/run-lock.ts";
import { hasTrained } from "../run-outcome.ts";
import { idleRun, isActive, type AppState, type RunState, type TabName } from "../state.ts";
import { mayStartAgain } from "./ask.ts";
import type { Get, Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";
import { supportsOf } from "../tasks/setup-panels.ts";

export interface RunActions {
  /**
   * Starts a run, if nothing blocks it; asks first when a model would be lost that was not downloaded. If the new run does not begin, a trained run before it comes back.
   *
   * @param kept the id of a run that was cut off and goes on, whose data and model are open
   */
  start: (kept?: string) => Promise<void>;
  /** Pauses the run after the current step; until then it is "pausing". */
  pause: () => Promise<void>;
  resume: () => Promise<void>;
  /** Ends the run after a last evaluation; its best and last weights are kept. */
  stop: () => Promise<void>;
  /** Shows a tab of the run side, as soon as it is open. */
  openTab: (tab: TabName) => void;
  /** Opens the tab of all rows at a row of the table, from 1. */
  openRow: (row: number) => void;
  /** Records scores on test rows that were opened. */
  recordTest: (tested: Tested) => void;
  /** Records that the trained weights were downloaded. */
  markDownloaded: () => void;
  dismissRunProblem: () => void;
  /** Chooses whether the end of a run is notified. */
  setNotifies: (notifies: boolean) => void;
}

/** How the run that is about to start is kept; null where it is not. */
function keepRequest(app: AppState, kept: string | undefined): KeepRequest | null {
  const { isOn, minutes, reason } = app.keep;
  if (kept !== undefined) return { id: kept, minutes, page: null, files: [] };
  return isOn && reason === null ? { id: crypto.randomUUID(), minutes, ...recordPage(app) } : null;
}

export function runActions(
  session: Session,
  set: Set,
  get: Get,
  {
    lengthsCounted,
    editsSelected,
    runLock,
  }: Pick<DataActions, "lengthsCounted" | "editsSelected"> & { runLock: RunLock },
): RunActions {
  const patch = (change: Partial<RunState>) => set(({ run }) => ({ run: { ...run, ...change } }));
  const fail = (error: unknown) => patch({ problem: reportProblem(error) });
  return {
    async start(kept) {
      await editsSelected();
      if (blockers(get()).length > 0 || !(await mayStartAgain(set, get))) return;
      // Until the page is told, another tab may have started a run without being seen.
      if (isActive(get().run.status) || !(await runLock.take())) return;
      const { run: before } = get();
      if (isActive(before.status)) return;
      if (get().recipe.automatic.includes("maxLength") && get().data.measuring) {
        set({ run: { ...idleRun(), status: "preparing", progress: get().data.measuring } });
        await lengthsCounted();
        if (get().run.status === "stopping") return set({ run: hasTrained(before) ? before : idleRun() });
      }
      const { recipe, data, earlier, model } = get();
      const run: RunState = { ...idleRun(), status: "preparing", recipe, labelNames: data.summary?.labelNames ?? [] };
      run.edits = data.edits;
      const { isOn, ...counts } = get().folds;
      const task = data.summary?.task ?? "";
      if (isOn) run.folds = { counts, task, current: null, done: [], curves: [], summary: null };
      run.testRows = data.summary?.testRows ?? 0;
      run.earlierTask = earlier.choice && { name: earlier.choice.source.name, kind: earlier.choice.kind };
      run.facts = {
        trainCounts: supportsOf(data.summary),
        longerThan: data.tokenLengths?.longerThan ?? null,
        mostTokens: model.summary?.maxPositions ?? null,
        layers: model.summary?.layers ?? null,
        sharesLayers: model.summary !== null && sharesLayers(model.summary),
      };
      run.progress = { what: "Tokenizing", done: 0, total: 0 };
      set(({ keep }) => ({ run, keep: { ...keep, saved: null, problem: null } }));
      // Rows of another cross-validation have other places.
      if (isOn) set(({ noise }) => ({ noise: { ...noise, found: null, before: noise.found ?? noise.before } }));
      try {
        await (isOn ? session.startFolds(recipe, counts) : session.start(recipe, keepRequest(get(), kept)));
        set({ selection: null });
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
    openTab: (tab) => set({ tab, openedRow: null }),
    openRow: (row) => set({ tab: "rows", openedRow: row }),
    recordTest: ({ weights, uses, report }) =>
      patch({ tests: { ...get().run.tests, [weights]: { weights, uses, report } } }),
    markDownloaded: () => patch({ downloaded: true }),
    dismissRunProblem: () => patch({ problem: null }),
    setNotifies: (notifies) => set({ notifies }),
  };
}
