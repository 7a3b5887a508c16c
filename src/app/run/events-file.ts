import type { EvaluationEvent, StepEvent, TrainEvent } from "../../workers/protocol.ts";
import { csvText } from "./csv-text.ts";

/** Every event as one JSON object a line, in order of steps: the form of `metrics.jsonl` in the downloaded folder. */
export function eventsJsonl(events: readonly TrainEvent[]): string {
  return events.map((event) => JSON.stringify(event) + "\n").join("");
}

/** Steps and evaluations in one list, by step; at the same step the step comes first. */
export function inOrder(steps: readonly StepEvent[], evaluations: readonly EvaluationEvent[]) {
  return [...steps, ...evaluations].sort((a, b) => a.step - b.step || rank(a) - rank(b) || a.wallMs - b.wallMs);
}

function rank(event: StepEvent | EvaluationEvent): number {
  return event.type === "step" ? 0 : 1;
}

/** Steps and evaluations as one CSV table, evaluations with every class's scores; what does not apply stays empty. */
export function eventsCsv(
  steps: readonly StepEvent[],
  evaluations: readonly EvaluationEvent[],
  labelNames: readonly string[],
): string {
  const header = [
    ...["type", "scope", "step", "epoch", "wall time (s)", "training time (s)", "loss", "learning rate"],
    ...["gradient norm", "rows", "tokens", "accuracy", "macro F1", "weighted F1", "Matthews"],
    ...labelNames.flatMap((name) => [`precision of ${name}`, `recall of ${name}`, `F1 of ${name}`]),
  ];
  const noScores = new Array<string>(4 + 3 * labelNames.length).fill("");
  const rows = inOrder(steps, evaluations).map((event) => {
    const times = [event.step, event.epoch, event.wallMs / 1000, event.trainingMs / 1000];
    if (event.type === "step") {
      const { loss, learningRate, gradientNorm, rows, tokens } = event;
      return ["step", "", ...times, loss, learningRate, gradientNorm, rows, tokens, ...noScores];
    }
    const { report } = event;
    return [
      ...["evaluation", event.scope, ...times, report.logLoss, "", "", report.rows, ""],
      ...[report.accuracy, report.macro.f1, report.weighted.f1, report.matthews],
      ...labelNames.flatMap((_, k) => {
        const scores = report.classes[k];
        return [scores?.precision ?? NaN, scores?.recall ?? NaN, scores?.f1 ?? NaN];
      }),
    ];
  });
  return csvText(header, rows);
}
