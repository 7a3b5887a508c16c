import { reportProblem } from "../../problem/problem.ts";
import type { CellEdit, RankedIssues } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { emptyNoise, isActive, type FoldedLabels, type JudgedScores, type NoiseState } from "../state.ts";
import type { Get, Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";
import type { RunActions } from "./run-actions.ts";

export interface NoiseActions {
  /** Ranks the labels by the cross-validation that has ended. */
  listIssues: () => Promise<void>;
  /** Ranks them by folds of the probe, beside the run. */
  probeIssues: () => Promise<void>;
  stopProbing: () => Promise<void>;
  /** Gives a row of the table (from 1) the labels that are suggested; undo takes them back. */
  acceptIssue: (row: number, labels: readonly string[]) => Promise<void>;
  /** Records that a row's label was found right, or that this is open again. */
  keepLabel: (row: number, label: string) => void;
  /** Trains again as the run was trained; `scores` are those of its model. */
  trainAgain: (scores: JudgedScores) => Promise<void>;
  dismissNoise: () => void;
}

export function noiseActions(
  session: Session,
  set: Set,
  get: Get,
  { editRows, editsSelected, start, openTab }: Pick<DataActions, "editRows" | "editsSelected"> & RunActions,
): NoiseActions {
  const patch = (change: Partial<NoiseState>) =>
    set((state) => ({ noise: { ...noiseOf(state), source: state.data.train, ...change } }));
  const decide = (row: number, decision: CellEdit[] | string | null) => {
    const decided = new Map(noiseOf(get()).decided);
    if (decision === null) decided.delete(row);
    else decided.set(row, decision);
    patch({ decided });
  };
  const take = (found: FoldedLabels) => {
    const { found: last, before, lists } = noiseOf(get());
    patch({ found, before: last && last.edits !== found.edits ? last : before, lists: lists + 1, progress: null });
  };
  const fail = (error: unknown) => patch({ problem: reportProblem(error), progress: null });
  return {
    async listIssues() {
      const { folds, edits } = get().run;
      if (!folds?.summary) return;
      const { summary, task } = folds;
      try {
        const issues: RankedIssues = await session.labelIssues();
        if (get().run.folds?.summary === summary) take({ issues, summary, task, by: "folds", edits });
      } catch (error) {
        fail(error);
      }
    },
    async probeIssues() {
      await editsSelected();
      const { run, recipe, data, folds } = get();
      if (isActive(run.status) || noiseOf(get()).progress || !data.summary) return;
      const { edits, train } = data;
      const { task } = data.summary;
      patch({ problem: null, progress: { what: "Tokenizing", done: 0, total: 0 } });
      try {
        const counts = { folds: folds.folds, repeats: 1 };
        const found = await session.probeFolds(recipe, counts, (progress) => patch({ progress }));
        if (get().data.train === train) take({ ...found, task, by: "probe", edits });
      } catch (error) {
        fail(error);
      }
    },
    async stopProbing() {
      if (noiseOf(get()).progress) await session.stop().catch(fail);
    },
    async acceptIssue(row, labels) {
      try {
        const cells = await session.labelCells(labels);
        decide(row, cells);
        editRows([{ row, cells }]);
      } catch (error) {
        fail(error);
      }
    },
    keepLabel: (row, label) => decide(row, noiseOf(get()).decided.get(row) === label ? null : label),
    async trainAgain(scores) {
      const { folds } = get().run;
      patch({ trained: scores });
      set((state) => ({ folds: { ...state.folds, ...folds?.counts, isOn: folds !== null } }));
      openTab("training");
      await start();
    },
    dismissNoise: () => patch({ problem: null }),
  };
}

/** What is known of labels of the present table. */
export function noiseOf({ noise, data }: Pick<ReturnType<Get>, "noise" | "data">): NoiseState {
  return noise.source === data.train ? noise : emptyNoise;
}
