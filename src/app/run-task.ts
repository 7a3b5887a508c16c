import { taskNamed } from "../tasks/registry.ts";
import { metricOf, type Task } from "../tasks/task.ts";
import type { RunState } from "./state.ts";

/** What a run trains; before its plan is known, what is trained where nothing else is chosen. */
export function taskOf({ plan }: Pick<RunState, "plan">): Task {
  return taskNamed(plan?.task);
}

/** The metric that the best weights were chosen by, within a sentence; "" where there are none. */
export function metricName({ plan, best }: Pick<RunState, "plan" | "best">): string {
  return best ? metricOf(taskOf({ plan }), best.metric).name : "";
}
