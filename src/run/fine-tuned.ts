import type { AnyReport, TrainedTask } from "../tasks/task.ts";
import type { RunControl } from "../train/control.ts";
import type { TrainEvent } from "../train/events.ts";
import { Run, type RunInput } from "./run.ts";

/** What a run that was freed leaves: its best weights on the validation rows. */
interface FineTuned {
  report: AnyReport;
  /** Outputs of these rows, or of the places of their words, in the units of the data. */
  outputs: Float32Array;
  /** Steps and epochs of the weights. */
  step: number;
  epoch: number;
  /** The task with what was tuned in the run. */
  task: TrainedTask;
}

/**
 * One of several runs: from the checkpoint to scores, and freed. Null comes back where it was stopped, since a run that was
 * cut short is no answer to how well the recipe does. Throws a Problem where it diverges.
 */
export async function* fineTuned(input: RunInput, control: RunControl): AsyncGenerator<TrainEvent, FineTuned | null> {
  // A data map is of the run that stays.
  const run = await Run.load({ ...input, recipe: { ...input.recipe, dataMap: false } }, control);
  try {
    yield* run.events();
    if (control.stops) return null;
    const { outputs, report } = await run.outputs("best", input.validation);
    const best = run.history.findLast((event) => event.type === "best");
    return { report, outputs, step: run.stepOf("best"), epoch: best?.epoch ?? 0, task: run.taskOf("best") };
  } finally {
    run.dispose();
  }
}
