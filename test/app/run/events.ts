import type { Report } from "../../../src/metrics/report.ts";
import type { MaskedLmReport } from "../../../src/tasks/masked-lm/metrics.ts";
import { reportOf } from "../../../src/metrics/report-of.ts";
import type {
  EvaluationEvent,
  PretrainEvaluationEvent,
  PretrainStepEvent,
  StepEvent,
} from "../../../src/train/events.ts";

/** A step as a run of 250 ms a step tells it; parts can be given. */
export function stepEvent(step: number, parts: Partial<StepEvent> = {}): StepEvent {
  return {
    type: "step",
    step,
    epoch: step / 10,
    loss: 1 / step,
    gradientNorm: 2,
    learningRate: 2e-5,
    rows: 16,
    tokens: 400,
    trainingMs: step * 250,
    wallMs: step * 250,
    ...parts,
  };
}

/** A step of continued pretraining. */
export function pretrainStep(step: number, steps: number, loss: number): PretrainStepEvent {
  return {
    type: "pretrainStep",
    step,
    steps,
    epoch: step / 10,
    loss,
    gradientNorm: 2,
    learningRate: 5e-5,
    rows: 16,
    tokens: 400,
    targets: 60,
    trainingMs: step * 250,
    wallMs: step * 250,
  };
}

/** Held-out rows scored in continued pretraining. */
export function pretrainEvaluation(step: number, steps: number, loss: number): PretrainEvaluationEvent<MaskedLmReport> {
  const [times, report] = [{ trainingMs: step * 250, wallMs: step * 250 }, textsReport(loss, 256)];
  return { type: "pretrainEvaluation", task: "masked-lm", step, steps, epoch: step / 10, report, ...times };
}

/** What a language model scores on texts. */
export function textsReport(loss: number, rows: number): MaskedLmReport {
  return { rows, masked: 3 * rows, loss, perplexity: Math.exp(loss), guessing: 7 };
}

/** Steps 1 to `count`. */
export function stepEvents(count: number): StepEvent[] {
  return Array.from({ length: count }, (_, index) => stepEvent(index + 1));
}

/** An evaluation of two classes on `rows` rows half of which are of class 1, of which `wrong` were taken for class 0. */
export function evaluation(
  step: number,
  scope: EvaluationEvent["scope"],
  rows: number,
  wrong: number,
  parts: Partial<EvaluationEvent<Report>> = {},
): EvaluationEvent<Report> {
  const labels = Int32Array.from({ length: rows }, (_, row) => (row < rows / 2 ? 1 : 0));
  const logits = new Float32Array(2 * rows);
  labels.forEach((label, row) => {
    logits[2 * row + (row < wrong ? 0 : label)] = 2;
  });
  const report = reportOf(labels, logits, 2);
  return {
    type: "evaluation",
    scope,
    step,
    epoch: step / 10,
    report,
    wallMs: step * 250,
    trainingMs: step * 250,
    ...parts,
  };
}
