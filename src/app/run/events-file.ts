import type { EarlierEvent, EvaluationEvent, StepEvent, TrainEvent } from "../../workers/protocol.ts";
import { defaultTask, taskNamed } from "../../tasks/registry.ts";
import type { Task } from "../../tasks/task.ts";
import { csvText } from "../../io/csv-cells.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import { withEvaluations } from "./earlier-moments.ts";

/** Every event as one JSON object per line, in order of steps, like `metrics.jsonl` in the downloaded folder. */
export function eventsJsonl(events: readonly TrainEvent[]): string {
  return events.map((event) => JSON.stringify(event) + "\n").join("");
}

type NumbersEvent = StepEvent | EvaluationEvent | EarlierEvent;

/**
 * Steps, evaluations and scores of an earlier task in one list, by step; at the same step the step comes first, and a
 * score of the earlier task comes after the evaluation that it goes with.
 */
export function inOrder(
  steps: readonly StepEvent[],
  evaluations: readonly EvaluationEvent[],
  earlier: readonly EarlierEvent[] = [],
): NumbersEvent[] {
  const scores = new Map(withEvaluations(earlier, evaluations));
  const scored = evaluations.flatMap((event) => [event, scores.get(event) ?? []].flat());
  // The sort is stable: events of one step and rank stay in the order reported.
  return [...steps, ...scored].sort((a, b) => a.step - b.step || rank(a) - rank(b));
}

function rank(event: NumbersEvent): number {
  return event.type === "step" ? 0 : 1;
}

/**
 * Steps, evaluations and scores of an earlier task as one CSV table, evaluations with the task's own columns; what does
 * not apply stays empty.
 */
export function eventsCsv(
  steps: readonly StepEvent[],
  evaluations: readonly EvaluationEvent[],
  labelNames: readonly string[],
  earlier: readonly EarlierEvent[] = [],
  task: Task = defaultTask,
): string {
  const own = runPanelsOf(task).columns(labelNames);
  const noOwn = own.header.map(() => "");
  const metrics = task.metrics.filter((metric) => metric !== task.loss);
  const header = [
    ...["type", "scope", "step", "epoch", "run time (s)", "training time (s)", "loss", "learning rate"],
    ...["gradient norm", "rows", "tokens", ...metrics.map(({ name }) => name)],
    ...own.header,
  ];
  const noScores = [...metrics.map(() => ""), ...noOwn];
  const rows = inOrder(steps, evaluations, earlier).map((event) => {
    const seconds = "wallMs" in event ? [event.wallMs / 1000, event.trainingMs / 1000] : ["", ""];
    const times = [event.step, event.epoch, ...seconds];
    if (event.type === "step") {
      const { loss, learningRate, gradientNorm, rows, tokens } = event;
      return ["step", "", ...times, loss, learningRate, gradientNorm, rows, tokens, ...noScores];
    }
    const { report } = event;
    const scored = event.type === "earlier" ? taskNamed(event.task) : task;
    const line = [event.type, event.scope, ...times, scored.loss.of(report), "", "", report.rows, ""];
    if (scored !== task) return [...line, ...noScores];
    const values = metrics.map(({ of }) => of(report));
    // The earlier task has classes of its own.
    return [...line, ...values, ...(event.type === "earlier" ? noOwn : own.cellsOf(report))];
  });
  return csvText(header, rows);
}
