import { taskNamed, textTask } from "../tasks/registry.ts";
import { metricOf, type Task } from "../tasks/task.ts";
import type { PretrainEvent } from "../workers/protocol.ts";
import type { FoldsState, RunState } from "./state.ts";

/** The weights of a run that can be used: its best or its last ones, or those of the linear model before it. */
export type Weights = "best" | "last" | "baseline";

/** Whether the run has changed any weights; the step at which a run diverges changes none. */
export function hasTrained({ end, steps: [first] }: Pick<RunState, "steps" | "end">): boolean {
  if (end) return end.step > 0;
  return first !== undefined && Number.isFinite(first.loss + first.gradientNorm);
}

/** Whether the run has left a model: trained weights, or the baseline where no more was asked for. */
export function hasModel(run: Pick<RunState, "steps" | "end" | "recipe" | "baseline">): boolean {
  return hasTrained(run) || (run.end !== null && run.recipe?.effort === "quick" && run.baseline !== null);
}

/** Whether the run has ended with trained weights that have not been downloaded; the page asks before they are lost. */
export function hasUnsavedModel(run: RunState): boolean {
  return (run.status === "done" || run.status === "failed") && hasTrained(run) && !run.downloaded;
}

/** The step of the last weights of a run that has ended; a step that made it fail changed none. */
export function lastStep({ end, steps }: Pick<RunState, "steps" | "end">): number | undefined {
  return end?.step ?? steps.findLast(({ loss, gradientNorm }) => Number.isFinite(loss + gradientNorm))?.step;
}

/** The task of a run; before its plan is known, the default task. Between two folds there is no plan. */
export function taskOf({ plan, folds }: Pick<RunState, "plan"> & Partial<Pick<RunState, "folds">>): Task {
  return taskNamed(plan?.task ?? folds?.task);
}

/** The task that the run's model was trained for before: on labelled rows the run's own, on texts that of texts. */
export function earlierTaskOf(run: Pick<RunState, "plan" | "earlierTask">): Task {
  return run.earlierTask?.kind === "texts" ? textTask : taskOf(run);
}

/** The loss of a step or an evaluation of continued pretraining. */
export function pretrainLoss(event: PretrainEvent): number {
  return event.type === "pretrainStep" ? event.loss : taskNamed(event.task).loss.of(event.report);
}

/** Whether what trained last is a fold that is complete: the next model has not begun. */
export function isFoldDone({ current, done }: FoldsState): boolean {
  if (current === null || current === "final") return false;
  return done.some(({ repeat, fold }) => repeat === current.repeat && fold === current.fold);
}

/** The name, within a sentence, of the metric that the best weights were chosen by; "" where there are none. */
export function metricName({ plan, best }: Pick<RunState, "plan" | "best">): string {
  return best ? metricOf(taskOf({ plan }), best.metric).name : "";
}
