import { smoothed } from "../../metrics/curves.ts";
import type { EvaluationEvent, StepEvent } from "../../workers/protocol.ts";
import { classStyle, lineColors } from "./class-colors.ts";
import { onePerStep, type EvaluationGroup } from "./evaluations.ts";
import { xOf, type XKind } from "./moment.ts";
import type { MomentPoint, Series } from "./series.ts";

/** Which of a class's three scores a chart shows. */
export type ClassScore = "precision" | "recall" | "f1";

/** Training loss of each step, the same smoothed, and validation loss. `weight` is that of `smoothed`. */
export function lossLines(
  steps: readonly StepEvent[],
  groups: readonly EvaluationGroup[],
  kind: XKind,
  weight: number,
): Series[] {
  const average = smoothed(
    steps.map((step) => step.loss),
    weight,
  );
  const training = { color: lineColors.training, dash: "", mark: null, axis: "left" } as const;
  return [
    { ...training, key: "raw", name: "training, each step", weight: "faint", points: pointsOf(steps, kind, lossOf) },
    {
      ...training,
      key: "smoothed",
      name: "training, smoothed",
      weight: "bold",
      points: pointsOf(steps, kind, (_, index) => average[index] ?? NaN),
    },
    ...groups.map((group) => groupLine(group, kind, "validation", (event) => event.report.logLoss)),
  ];
}

/** Validation accuracy and macro F1, by which the best weights are chosen. */
export function accuracyLines(groups: readonly EvaluationGroup[], kind: XKind): Series[] {
  return groups.flatMap((group) => [
    groupLine(group, kind, "accuracy", (event) => event.report.accuracy),
    {
      ...groupLine(group, kind, "macro F1", (event) => event.report.macro.f1),
      key: `${group.key}-macro`,
      dash: "2 3",
      weight: "normal" as const,
    },
  ]);
}

/** One score of the classes in `shown`, at every evaluation. */
export function classLines(
  evaluations: readonly EvaluationEvent[],
  labelNames: readonly string[],
  shown: readonly number[],
  score: ClassScore,
  kind: XKind,
): Series[] {
  const events = onePerStep(evaluations);
  return shown.map((index) => ({
    ...classStyle(index),
    key: `class-${index}`,
    name: labelNames[index] ?? `class ${index}`,
    weight: "normal",
    axis: "left",
    points: pointsOf(events, kind, (event) => event.report.classes[index]?.[score] ?? NaN),
  }));
}

/** Learning rate on the left axis, norm of the gradient before clipping on the right one. */
export function rateLines(steps: readonly StepEvent[], kind: XKind): Series[] {
  return [
    {
      key: "norm",
      name: "gradient norm (right)",
      color: lineColors.validation,
      dash: "",
      mark: null,
      weight: "faint",
      axis: "right",
      points: pointsOf(steps, kind, (step) => step.gradientNorm),
    },
    {
      key: "rate",
      name: "learning rate (left)",
      color: lineColors.training,
      dash: "7 3",
      mark: null,
      weight: "bold",
      axis: "left",
      points: pointsOf(steps, kind, (step) => step.learningRate),
    },
  ];
}

function groupLine(
  group: EvaluationGroup,
  kind: XKind,
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
    points: pointsOf(group.events, kind, valueOf),
  };
}

function lossOf(step: StepEvent): number {
  return step.loss;
}

function pointsOf<E extends StepEvent | EvaluationEvent>(
  events: readonly E[],
  kind: XKind,
  valueOf: (event: E, index: number) => number,
): MomentPoint[] {
  return events.map((event, index) => ({ x: xOf(event, kind), y: valueOf(event, index), at: event }));
}
