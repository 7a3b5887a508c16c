import { median } from "../../metrics/spread.ts";
import type { EvaluationEvent, PretrainEvent, StepEvent } from "../../workers/protocol.ts";
import { counted } from "../../recipe/wording.ts";
import { bytes, duration, metricText, scoreText, wholeText } from "../figures.ts";
import { isFoldDone, metricName, taskOf } from "../run-outcome.ts";
import { isActive, type FoldsState, type RunState } from "../state.ts";
import { momentOfStep } from "./moment.ts";

/** A number of the run's bar. */
interface Fact {
  name: string;
  value: string;
}

/** Progress shown for a run that failed after its last step. */
const MOST_OF_FAILED = 0.99;

/** The numbers in the bar during a run and after it; always the same number of them, so that nothing moves. */
export function runFacts(run: RunState): Fact[] {
  const { plan, pretraining, steps, evaluations, end, memory, peakMemory } = run;
  const last = steps.at(-1);
  const isOver = end !== null || run.status === "failed";
  const rates = ratesOf(steps);
  const left = plan && !end ? timeLeft(steps, evaluations, plan.steps) : null;
  return [
    { name: "Epoch", value: `${(last?.epoch ?? 0).toFixed(2)} of ${plan ? epochsText(plan.epochs) : "–"}` },
    { name: "Step", value: `${wholeText(last?.step ?? 0)} of ${plan ? wholeText(plan.steps) : "–"}` },
    isOver
      ? { name: "Duration", value: duration((pretraining.at(-1)?.wallMs ?? 0) + (end?.wallMs ?? last?.wallMs ?? 0)) }
      : plan || pretraining.length === 0
        ? { name: "Time left", value: durationOrDash(left) }
        : { name: "Pretraining left", value: durationOrDash(pretrainingLeft(pretraining)) },
    { name: "Rows/s", value: rates ? rateText(rates.rowsPerSecond) : "–" },
    { name: "Tokens/s", value: rates ? rateText(rates.tokensPerSecond) : "–" },
    isOver
      ? { name: "Peak memory", value: peakMemory > 0 ? bytes(peakMemory) : "–" }
      : { name: "Memory", value: memory > 0 ? bytes(memory) : "–" },
  ];
}

/** The state of the run in one sentence. @param left milliseconds until the preparation ends, where known */
export function statusText(run: RunState, left: number | null = null): string {
  const { folds } = run;
  if (folds?.summary && run.status === "done") return foldsEndText(run, folds);
  const where = folds && isActive(run.status) ? foldPlaceText(folds) : "";
  return `${where}${statusOfModel(run, left)}`;
}

/** "Fold 2 of 5 · ". */
function foldPlaceText({ current, counts }: FoldsState): string {
  if (current === null) return "";
  if (current === "final") return "Final model · ";
  const { folds, repeats } = counts;
  const place = (current.repeat - 1) * folds + current.fold;
  return `Fold ${wholeText(place)} of ${wholeText(folds * repeats)} · `;
}

function foldsEndText(run: RunState, { done, summary, counts }: FoldsState): string {
  const [metric] = taskOf(run).metrics;
  const { mean, deviation } = { mean: summary?.mean[metric.key], deviation: summary?.deviation[metric.key] };
  const scores = `${metric.name} ${metricText(metric, mean ?? NaN)} ± ${metricText(metric, deviation ?? NaN)}`;
  const all = counts.folds * counts.repeats;
  if (done.length < all)
    return `Stopped after ${done.length} of ${all} folds: ${scores}. The final model was not trained.`;
  const final = run.end ? "" : " The final model was not trained.";
  return `Finished: ${scores} over ${counted(all, "fold")}.${final}`;
}

/** The state of one run, or of one model of a cross-validation. */
function statusOfModel(run: RunState, left: number | null): string {
  const { status, end, best, plan, progress, baseline, recipe } = run;
  if (status === "preparing") return preparationText(progress, left);
  if (status === "training")
    return progress ? preparationText(progress, left) : plan ? "Training" : pretrainingText(run);
  if (status === "pausing") return "Pausing after the current step";
  if (status === "paused") return "Paused";
  if (status === "stopping") return "Stopping after a last evaluation";
  if (status === "failed")
    return best ? `Failed at step ${wholeText(run.steps.at(-1)?.step ?? 0)}. ${bestText(run, best)}` : "Failed";
  if (!end || !plan) return "";
  if (end.step === 0 && baseline && recipe?.effort === "quick") return baselineText(run, baseline);
  if (end.step === 0) return "Stopped before the first step: nothing was trained.";
  const step = wholeText(end.step);
  const done = { finished: "Finished", stopped: `Stopped at step ${step}`, early: `Stopped early at step ${step}` }[
    end.reason
  ];
  return best ? `${done}. ${bestText(run, best)}` : `${done}.`;
}

function baselineText(run: RunState, { report }: NonNullable<RunState["baseline"]>): string {
  const [metric] = taskOf(run).metrics;
  return `Finished: the baseline alone, ${metric.name} ${scoreText(metric.of(report))}`;
}

function bestText(run: RunState, { step, value }: NonNullable<RunState["best"]>): string {
  return `Best: step ${wholeText(step)}, ${metricName(run)} ${scoreText(value)}`;
}

/**
 * Share of the run that is done, 0 to 1; during preparation, pretraining or the single pass of a frozen encoder, the
 * share of that. For a failed run it counts the steps before the failure and stays below 1.
 */
export function shareDone(run: RunState): number {
  const { folds } = run;
  if (!folds || run.status === "failed") return shareOfModel(run);
  if (run.status === "done") return 1;
  const models = folds.counts.folds * folds.counts.repeats + 1;
  return (folds.done.length + (isFoldDone(folds) ? 0 : shareOfModel(run))) / models;
}

function shareOfModel(run: RunState): number {
  if (run.status !== "failed") return share(run);
  const { plan, steps } = run;
  const good = steps.findLast(({ loss, gradientNorm }) => Number.isFinite(loss + gradientNorm))?.step ?? 0;
  return plan ? Math.min(good / plan.steps, MOST_OF_FAILED) : 0;
}

function share({ status, progress, pretraining, plan, steps, end }: RunState): number {
  if (status === "preparing" || progress) return progress && progress.total > 0 ? progress.done / progress.total : 0;
  const step = end?.step ?? steps.at(-1)?.step ?? 0;
  if (plan) return plan.steps > 0 ? Math.min(1, step / plan.steps) : Number(end !== null);
  const last = pretraining.at(-1);
  return last ? last.step / last.steps : 0;
}

/** The state between the preparation and the plan: the progress of pretraining, if there is one. */
function pretrainingText({ pretraining }: RunState): string {
  const last = pretraining.findLast((event) => event.type === "pretrainStep");
  if (last)
    return `Pretraining: step ${wholeText(last.step)} of ${wholeText(last.steps)}, loss ${last.loss.toFixed(2)}`;
  return pretraining.length > 0 ? "Pretraining" : "Training";
}

function preparationText(progress: RunState["progress"], left: number | null): string {
  if (!progress) return "Preparing";
  if (progress.total === 0) return progress.what;
  return `${progress.what}: ${wholeText(progress.done)} of ${wholeText(progress.total)}${left === null ? "" : `, ${duration(left)} left`}`;
}

/** Epochs with at most two decimals: a run of 14 steps, of 279 per epoch, has 0.05 epochs. */
function epochsText(epochs: number): string {
  return String(Number(epochs.toFixed(2)));
}

function durationOrDash(milliseconds: number | null): string {
  return milliseconds === null ? "–" : duration(milliseconds);
}

function rateText(value: number): string {
  return value < 10 ? value.toFixed(1) : wholeText(value);
}

/** The present speed of a run. */
interface Rates {
  rowsPerSecond: number;
  /** Real tokens: there is no padding. */
  tokensPerSecond: number;
}

const RECENT_STEPS = 50;
/** Steps are reported in bunches, whose steps have nearly the same time: speed shows only over several bunches. */
const RECENT_MS = 2000;

/** The last 50 steps, or more where those are less than two seconds of training. */
function recentSteps(steps: readonly StepEvent[]): readonly StepEvent[] {
  const last = steps.at(-1);
  let start = Math.max(0, steps.length - RECENT_STEPS - 1);
  while (start > 0 && last && last.trainingMs - (steps[start]?.trainingMs ?? 0) < RECENT_MS) start--;
  return steps.slice(start);
}

/** Recent speed in training time (without evaluations and pauses); null before the second step. */
export function ratesOf(steps: readonly StepEvent[]): Rates | null {
  const window = recentSteps(steps);
  const [first, ...rest] = window;
  const last = rest.at(-1);
  if (!first || !last) return null;
  const seconds = (last.trainingMs - first.trainingMs) / 1000;
  if (seconds <= 0) return null;
  return {
    rowsPerSecond: rest.reduce((sum, step) => sum + step.rows, 0) / seconds,
    tokensPerSecond: rest.reduce((sum, step) => sum + step.tokens, 0) / seconds,
  };
}

/**
 * Milliseconds until the last step, or null before the second one: the remaining steps at the recent speed, and as many
 * evaluations per step as so far, each as long as their median (which a pause during one of them does not move).
 */
export function timeLeft(
  steps: readonly StepEvent[],
  evaluations: readonly EvaluationEvent[],
  plannedSteps: number,
): number | null {
  const window = recentSteps(steps);
  const first = window[0];
  const last = window.at(-1);
  if (!first || !last || first === last) return null;
  const remaining = Math.max(0, plannedSteps - last.step);
  const pace = (last.trainingMs - first.trainingMs) / (last.step - first.step);
  const evaluatedSteps = [...new Set(evaluations.map((event) => event.step))].filter((step) => step > 0);
  const gaps = evaluatedSteps.flatMap((step) => gapAfter(steps, step));
  const perEvaluation = gaps.length > 0 ? median(gaps) : 0;
  return remaining * (pace + perEvaluation * (evaluatedSteps.length / last.step));
}

/**
 * Milliseconds until the last step of pretraining at its speed so far, evaluations included; null before its second
 * step.
 */
function pretrainingLeft(events: readonly PretrainEvent[]): number | null {
  const steps = events.filter(({ type }) => type === "pretrainStep");
  const [first] = steps;
  const last = events.at(-1);
  const step = steps.at(-1)?.step ?? 0;
  if (!first || !last || step <= first.step) return null;
  return ((last.wallMs - first.wallMs) / (step - first.step)) * (last.steps - step);
}

/** Milliseconds between a step and the next that were not spent on training. */
function gapAfter(steps: readonly StepEvent[], step: number): number[] {
  const before = momentOfStep(steps, step);
  const after = momentOfStep(steps, step + 1);
  if (!before || !after) return [];
  return [after.wallMs - before.wallMs - (after.trainingMs - before.trainingMs)];
}
