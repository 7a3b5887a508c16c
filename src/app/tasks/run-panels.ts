import type { Task } from "../../tasks/task.ts";
import type { RunPanels } from "./panels.ts";
import { singleLabelRun } from "./single-label/run-panels.ts";

const panels: Readonly<Record<string, RunPanels>> = { "single-label": singleLabelRun };

/** The panels of a task; throws where it has none. */
export function runPanelsOf({ name }: Pick<Task, "name">): RunPanels {
  const own = panels[name];
  if (!own) throw new Error(`The page has no panels of the task “${name}”.`);
  return own;
}
