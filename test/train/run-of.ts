import type { Report } from "../../src/metrics/report.ts";
import { Problem } from "../../src/problem/problem.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { TrainingRun, type RunData } from "../../src/train/loop.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { learnableRows } from "./learnable-rows.ts";
import { tinyModel, tinyRecipe } from "./tiny-run.ts";

/** Events of a run of the default task. */
type OwnEvent = TrainEvent<Report>;

export const runData: RunData = {
  task: defaultTrainedTask,
  train: learnableRows(50, 1),
  validation: learnableRows(30, 2),
  labelNames: ["a", "b", "c"],
  rates: { hidden: 0.1, attention: 0.1, classifier: 0.1 },
};

/** A run from the tiny checkpoint; `watch` is called after each event. */
export async function runOf(
  recipe: Partial<Recipe>,
  watch: (event: TrainEvent, control: RunControl) => void = () => undefined,
  changes: Partial<RunData> = {},
  whenPaused: (run: TrainingRun<unknown>, events: OwnEvent[], control: RunControl) => void = () => undefined,
) {
  const control: RunControl = new RunControl(() => whenPaused(run, events, control));
  const model = await tinyModel();
  const run = new TrainingRun(model, { ...runData, ...changes }, { ...tinyRecipe, ...recipe }, control);
  const events: OwnEvent[] = [];
  let problem: Problem | null = null;
  try {
    for await (const event of run.events()) {
      events.push(event as OwnEvent);
      watch(event, control);
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problem = error;
  }
  const of = <K extends OwnEvent["type"]>(type: K) =>
    events.filter((event): event is OwnEvent & { type: K } => event.type === type);
  return { run, model, events, problem, of };
}
