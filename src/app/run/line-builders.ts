import { sampled, smoothed } from "../../metrics/curves.ts";
import { leadingMetrics, type Metric, type Task } from "../../tasks/task.ts";
import type { BaselineEvent, EvaluationEvent, StepEvent, PretrainEvent } from "../../workers/protocol.ts";
import { lineColors } from "./class-colors.ts";
import type { EarlierMoment } from "./earlier-moments.ts";
import type { EvaluationGroup } from "./evaluations.ts";
import { wholeText } from "../figures.ts";
import { xOf, type Moment, type XKind } from "./moment.ts";
import type { MomentPoint, Series } from "./series.ts";

// In all functions here `most` is the largest number of points of a line, see `sampled`; Infinity keeps all points.

/** Training loss of each step, the same smoothed with `weight` (see `smoothed`), and validation loss. */
export function lossLines(
  steps: readonly StepEvent[],
  groups: readonly EvaluationGroup[],
  kind: XKind,
  weight: number,
  most: number,
  { loss }: Task,
): Series[] {
  return [
    ...trainingLines(steps, kind, weight, most),
    ...groups.map((group) => groupLine(group, kind, most, "validation", (event) => loss.of(event.report))),
  ];
}

/** The loss of each training step, and the same smoothed. */
function trainingLines(
  steps: readonly (Moment & { loss: number })[],
  kind: XKind,
  weight: number,
  most: number,
): Series[] {
  const average = smoothed(
    steps.map((step) => step.loss),
    weight,
  );
  const training = { color: lineColors.training, dash: "", mark: null, axis: "left" } as const;
  return [
    {
      ...training,
      key: "raw",
      name: "training, each step",
      weight: "faint",
      points: pointsOf(steps, kind, most, (step) => step.loss),
    },
    {
      ...training,
      key: "smoothed",
      name: "training, smoothed",
      weight: "bold",
      points: pointsOf(steps, kind, most, (_, index) => average[index] ?? NaN),
    },
  ];
}

/** The metrics that a task leads with, at every evaluation; all but the first are dashed. */
export function metricLines(groups: readonly EvaluationGroup[], kind: XKind, most: number, task: Task): Series[] {
  return groups.flatMap((group) =>
    leadingMetrics(task).map(({ key, name, of }, place) => ({
      ...groupLine(group, kind, most, name, (event) => of(event.report)),
      ...(place > 0 && { key: `${group.key}-${key}`, dash: "2 3" }),
    })),
  );
}

/** The first metric of the baseline as a thin line from the first point of other lines to the last. */
export function baselineLine(
  baseline: BaselineEvent | null,
  lines: readonly Series[],
  kind: XKind,
  task: Task,
): Series[] {
  const at = lines.flatMap(({ points }) => points.map((point) => point.at)).sort((a, b) => a.step - b.step);
  const ends = [at[0], at.at(-1)].filter((moment) => moment !== undefined);
  if (!baseline || ends.length === 0) return [];
  const [{ name, of }] = task.metrics;
  const y = of(baseline.report);
  return [
    {
      key: "baseline",
      name: `${name} of the baseline, ${wholeText(baseline.report.rows)} rows`,
      color: lineColors.training,
      dash: "1 4",
      mark: null,
      weight: "normal",
      axis: "left",
      points: ends.map((moment) => ({ x: xOf(moment, kind), y, at: moment })),
    },
  ];
}

/** What a forgetting chart compares: a metric of the earlier task, and the same of the new task or another one. */
interface Compared {
  earlierTask: Task;
  metric: Metric;
  newMetric: Metric;
}

/**
 * The earlier task's held-out rows under its own head, beside the new task's validation rows; these on the right axis
 * where the two are measured by different metrics.
 */
export function forgettingLines(
  earlier: readonly EarlierMoment[],
  groups: readonly EvaluationGroup[],
  { earlierTask, metric, newMetric }: Compared,
  kind: XKind,
  most: number,
): Series[] {
  const rows = earlier[0]?.report.rows;
  const differ = metric !== newMetric;
  const what = differ ? `${newMetric.name} of the new task` : "new task";
  return [
    {
      key: "earlier",
      name: `earlier task${rows === undefined ? "" : `, ${wholeText(rows)} ${earlierTask.rows}`}`,
      color: lineColors.training,
      dash: "",
      mark: "square",
      weight: "bold",
      axis: "left",
      points: pointsOf(earlier, kind, most, ({ report }) => metric.of(report)),
    },
    ...groups.map((group) => ({
      ...groupLine(group, kind, most, what, ({ report }) => newMetric.of(report)),
      dash: "7 3",
      ...(differ && { axis: "right" as const }),
    })),
  ];
}

/** Learning rate on the left axis, norm of the gradient before clipping on the right one. */
export function rateLines(steps: readonly StepEvent[], kind: XKind, most: number): Series[] {
  return [
    {
      key: "norm",
      name: "gradient norm",
      color: lineColors.validation,
      dash: "",
      mark: null,
      weight: "faint",
      axis: "right",
      points: pointsOf(steps, kind, most, (step) => step.gradientNorm),
    },
    {
      key: "rate",
      name: "learning rate",
      color: lineColors.training,
      dash: "7 3",
      mark: null,
      weight: "bold",
      axis: "left",
      points: pointsOf(steps, kind, most, (step) => step.learningRate),
    },
  ];
}

function groupLine(
  group: EvaluationGroup,
  kind: XKind,
  most: number,
  what: string,
  valueOf: (event: EvaluationEvent) => number,
): Series {
  const full = group.key === "full";
  return {
    key: group.key,
    name: `${what}, ${group.rows}`,
    color: full ? lineColors.full : lineColors.validation,
    dash: "",
    mark: full ? "diamond" : "circle",
    weight: "normal",
    axis: "left",
    points: pointsOf(group.events, kind, most, valueOf),
  };
}

/** The points of a line: a value of each event, thinned to `most`. */
export function pointsOf<E extends Moment>(
  events: readonly E[],
  kind: XKind,
  most: number,
  valueOf: (event: E, index: number) => number,
): MomentPoint[] {
  const values = events.map(valueOf);
  // Points are made only of the events that are kept: else a chart would make 20,000 points per drawing for as many
  // steps.
  return sampled(values, most).flatMap((index) => {
    const at = events[index];
    return at ? [{ x: xOf(at, kind), y: values[index] ?? NaN, at }] : [];
  });
}

/**
 * Loss of a task in continued pretraining: of each step, smoothed with `weight` (see `smoothed`), and of the held-out
 * rows where there are some.
 */
export function pretrainLines(
  events: readonly PretrainEvent[],
  kind: XKind,
  weight: number,
  most: number,
  { loss, rows: unit }: Task,
): Series[] {
  const steps = events.filter((event) => event.type === "pretrainStep");
  const evaluations = events.filter((event) => event.type === "pretrainEvaluation");
  const rows = evaluations[0]?.report.rows;
  const validation: Series = {
    key: "validation",
    name: `validation, ${wholeText(rows ?? 0)} ${unit}`,
    color: lineColors.validation,
    dash: "",
    mark: "circle",
    weight: "normal",
    axis: "left",
    points: pointsOf(evaluations, kind, most, ({ report }) => loss.of(report)),
  };
  return [...trainingLines(steps, kind, weight, most), ...(rows === undefined ? [] : [validation])];
}
