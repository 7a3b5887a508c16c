import type { RunState } from "./state.ts";

/** Whether the run has ended with trained weights that have not been saved: leaving them asks first. */
export function hasUnsavedModel(run: RunState): boolean {
  return run.status === "done" && !run.downloaded;
}
