import { clockText, wholeText } from "../figures.ts";

/** What a chart's x axis counts: optimizer steps, time of the run without pauses, time in training steps, or epochs. */
export type XKind = "step" | "wall" | "training" | "epoch";

/** When something happened, on each of the three axes; step and evaluation events are moments. */
export interface Moment {
  step: number;
  wallMs: number;
  trainingMs: number;
  /** Known where lines of several models are compared. */
  epoch?: number;
}

/** The moment on an axis: a step, or milliseconds. */
export function xOf(moment: Moment, kind: XKind): number {
  if (kind === "step") return moment.step;
  if (kind === "epoch") return moment.epoch ?? NaN;
  return kind === "wall" ? moment.wallMs : moment.trainingMs;
}

/**
 * The moment of a step in a list with one moment per step, from any first step on; undefined where the list lacks it.
 */
export function momentOfStep<M extends Moment>(moments: readonly M[], step: number): M | undefined {
  return moments[step - (moments[0]?.step ?? step)];
}

/** The name of an axis with its unit. */
export function xLabel(kind: XKind): string {
  if (kind === "step" || kind === "epoch") return kind;
  return kind === "wall" ? "run time (min:s)" : "training time (min:s)";
}

/** One value of an axis as text. */
export function xText(x: number, kind: XKind): string {
  if (kind === "epoch") return String(Number(x.toFixed(2)));
  return kind === "step" ? wholeText(x) : clockText(x);
}

/** One value of an axis within a sentence: "step 120", "at 2:05". */
export function xPhrase(x: number, kind: XKind): string {
  if (kind === "epoch") return `epoch ${xText(x, kind)}`;
  return kind === "step" ? `step ${wholeText(x)}` : `${clockText(x)} of ${kind === "wall" ? "run" : "training"} time`;
}

const stepSizes = [1, 2, 5];
const timeSizes = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

/** Evenly spaced round values from 0 up to `end`, about six of them; `end` is a step, milliseconds or an epoch. */
export function xTicks(end: number, kind: XKind): number[] {
  const wanted = end / 6;
  const size =
    kind === "step"
      ? roundStep(wanted)
      : kind === "epoch"
        ? roundStep(wanted * 100) / 100
        : 1000 * (timeSizes.find((s) => s * 1000 >= wanted) ?? 86400);
  const ticks: number[] = [];
  for (let x = 0; x <= end * (1 + 1e-9); x += size) ticks.push(x);
  return ticks;
}

/**
 * Where the axis ends: the furthest moment, rounded up in coarse stages so that the axis rarely moves while a run
 * grows, and never beyond the planned last step.
 *
 * @param furthest step or milliseconds of the last event
 * @param plannedSteps steps of the whole run; times have no such bound
 */
export function xEnd(furthest: number, kind: XKind, plannedSteps: number): number {
  const least = kind === "step" ? 10 : 10_000;
  const stage = roundStep(Math.max(furthest, least) / 4) * 4;
  const end = stage >= furthest ? stage : stage * 2;
  return kind === "step" ? Math.max(1, Math.min(end, plannedSteps)) : end;
}

/** The smallest of 1, 2, 5, 10, 20 … that is at least `value`. */
function roundStep(value: number): number {
  let scale = 1;
  for (;;) {
    for (const size of stepSizes) if (size * scale >= value) return size * scale;
    scale *= 10;
  }
}
