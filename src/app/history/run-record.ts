import { sampled } from "../../metrics/curves.ts";
import type { AnyReport, Task } from "../../tasks/task.ts";
import { taskNamed } from "../../tasks/registry.ts";
import type { EvaluationEvent, StepEvent } from "../../workers/protocol.ts";
import { foldName } from "../folds/fold-lines.ts";
import { hasModel, lastStep, taskOf } from "../run-outcome.ts";
import { isActive, type AppState, type RunState } from "../state.ts";
import { head, type KeptRun, type Values } from "./kept-run.ts";

/** Most steps that are kept of a run: as many as a chart can show. */
const MOST_STEPS = 500;

/** Whether a run has ended with something that is worth a line in the list. */
export function isKept(run: RunState): boolean {
  return !isActive(run.status) && run.status !== "idle" && (hasModel(run) || (run.folds?.summary ?? null) !== null);
}

/**
 * What is kept of a run that has ended, without what has to be asked of its workers first.
 *
 * @param endedAt milliseconds since 1970
 */
export function runRecord(
  { run, data, model }: Pick<AppState, "run" | "data" | "model">,
  { id, name, endedAt }: Pick<KeptRun, "id" | "name" | "endedAt">,
): KeptRun {
  const { recipe, plan, folds, baseline, steps, end } = run;
  if (!recipe) throw new Error("A run without a recipe cannot be kept.");
  const task = taskOf(run);
  const full = run.evaluations.filter(({ scope }) => scope === "full");
  const best = full.findLast(({ step }) => step === run.best?.step);
  const last = full.findLast(({ step }) => step === lastStep(run));
  const scored = (event: EvaluationEvent | undefined) =>
    event ? { step: event.step, rows: event.report.rows, values: valuesOf(task, event.report) } : null;
  const durationMs = (run.pretraining.at(-1)?.wallMs ?? 0) + (end?.wallMs ?? steps.at(-1)?.wallMs ?? 0);
  return {
    ...head,
    ...{ id, name, endedAt, note: "", isPinned: false, recipe, task: task.name },
    data: {
      name: data.name,
      trainRows: plan?.trainRows ?? data.summary?.trainRows ?? 0,
      validationRows: plan?.validationRows ?? data.summary?.validationRows ?? 0,
      testRows: run.testRows,
    },
    model: model.summary?.name ?? "",
    ending: { reason: endingOf(run), step: lastStep(run) ?? 0, durationMs },
    // Those of a cross-validation are of its final model, which no row is left to score.
    best: folds ? null : scored(best),
    last: folds ? null : scored(last),
    baseline:
      baseline && !folds ? { step: 0, rows: baseline.report.rows, values: valuesOf(task, baseline.report) } : null,
    tests: testsOf(run),
    folds: foldsOf(folds),
    steps: thinned(steps),
    evaluations: folds
      ? folds.curves.flatMap((curve) =>
          curve.evaluations.map((event) => kept(task, event, foldName(curve, folds.counts))),
        )
      : run.evaluations.map((event) => kept(task, event)),
    answers: null,
  };
}

/** Scores on test rows that were opened. */
export function testsOf(run: Pick<RunState, "tests" | "plan" | "folds">): KeptRun["tests"] {
  const task = taskOf(run);
  return Object.values(run.tests).map(({ weights, uses, report }) => {
    return { weights, uses, rows: report.rows, values: valuesOf(task, report) };
  });
}

/** A task's metrics of a report; null where one is not defined. */
export function valuesOf({ metrics }: Task, report: AnyReport): Values {
  return Object.fromEntries(metrics.map(({ key, of }) => [key, finite(of(report))]));
}

function endingOf({ status, end, folds }: RunState): KeptRun["ending"]["reason"] {
  if (status === "failed") return "failed";
  if (!folds) return end?.reason ?? "stopped";
  return folds.done.length < folds.counts.folds * folds.counts.repeats || !end ? "stopped" : "finished";
}

function foldsOf(folds: RunState["folds"]): KeptRun["folds"] {
  if (!folds?.summary) return null;
  const { counts, done, summary } = folds;
  const { metrics } = taskNamed(folds.task);
  const of = (values: Record<string, number>) =>
    Object.fromEntries(metrics.map(({ key }) => [key, finite(values[key] ?? NaN)]));
  return { ...counts, complete: done.length, mean: of(summary.mean), deviation: of(summary.deviation) };
}

function kept(task: Task, event: EvaluationEvent, fold?: string): KeptRun["evaluations"][number] {
  const { scope, step, epoch, wallMs, trainingMs, report } = event;
  const values = valuesOf(task, report);
  return { scope, step, epoch, wallMs, trainingMs, rows: report.rows, values, ...(fold !== undefined && { fold }) };
}

function thinned(steps: readonly StepEvent[]): KeptRun["steps"] {
  const places = sampled(
    steps.map(({ loss }) => loss),
    MOST_STEPS,
  );
  const column = (key: "step" | "epoch" | "wallMs" | "trainingMs" | "loss" | "learningRate" | "gradientNorm") =>
    places.map((place) => finite(steps[place]?.[key] ?? NaN));
  return {
    ...{ step: column("step"), epoch: column("epoch"), wallMs: column("wallMs"), trainingMs: column("trainingMs") },
    ...{ loss: column("loss"), learningRate: column("learningRate"), gradientNorm: column("gradientNorm") },
  };
}

/** In seven significant digits, as many as a float32 has. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
}
