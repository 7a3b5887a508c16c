import type { Task } from "../../tasks/task.ts";
import type { RunPanels } from "./panels.ts";
import { multiLabelRun } from "./multi-label/run-panels.ts";
import { regressionRun } from "./regression/run-panels.ts";
import { singleLabelRun } from "./single-label/run-panels.ts";
import { tokenClassificationRun } from "./token-classification/run-panels.tsx";

const panels: Readonly<Record<string, RunPanels>> = {
  "single-label": singleLabelRun,
  "multi-label": multiLabelRun,
  regression: regressionRun,
  "token-classification": tokenClassificationRun,
};

/** The panels of a task; throws where it has none. */
export function runPanelsOf({ name }: Pick<Task, "name">): RunPanels {
  const own = panels[name];
  if (!own) throw new Error(`The page has no panels of the task “${name}”.`);
  return own;
}
