import { Problem, reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { isActive } from "../state.ts";
import type { Get, Set } from "./change.ts";

export interface FileActions {
  /** Reports that files which were chosen or dropped were not opened. */
  refuseFiles: (problem: ProblemReport) => void;
  dismissFileProblem: (problem: ProblemReport) => void;
  /** Removes the reports on earlier files, but not on those of the same moment. */
  clearFileProblems: () => void;
}

/** Milliseconds within which drops belong together: the report on one of them must not hide those on the others. */
const ONE_MOMENT = 1000;

export function fileActions(set: Set, get: Get): FileActions {
  return {
    refuseFiles: (problem) => refuse(set, problem),
    dismissFileProblem: (problem) =>
      set(({ fileProblems }) => ({ fileProblems: fileProblems.filter(({ found }) => found !== problem.found) })),
    clearFileProblems: () => {
      const { fileProblems } = get();
      const kept = fileProblems.filter(({ at }) => Date.now() - at < ONE_MOMENT);
      if (kept.length < fileProblems.length) set({ fileProblems: kept });
    },
  };
}

/**
 * Whether a run is active, so that the files cannot be opened; if so, reports it, since the files are not kept for
 * later.
 */
export function refusedByRun(set: Set, get: Get, files: readonly File[]): boolean {
  if (!isActive(get().run.status)) return false;
  const names = files.slice(0, 5).map(({ name }) => name.split("/").at(-1) ?? name);
  const what = names.length > 0 ? names.join(", ") + (files.length > 5 ? " and others" : "") : "what was dropped";
  const problem = new Problem({
    found: `Nothing was done with ${what}: a run is under way.`,
    expected: "Its data, model and recipe are in use until it ends.",
    remedy: "Stop the run or wait for its end, then choose the file again.",
  });
  refuse(set, reportProblem(problem));
  return true;
}

function refuse(set: Set, problem: ProblemReport): void {
  set(({ fileProblems }) => ({
    fileProblems: [...fileProblems.filter(({ found }) => found !== problem.found), { ...problem, at: Date.now() }],
  }));
}
