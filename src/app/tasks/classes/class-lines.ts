import { classStyle } from "../../run/class-colors.ts";
import { onePerStep } from "../../run/evaluations.ts";
import { pointsOf } from "../../run/line-builders.ts";
import type { XKind } from "../../run/moment.ts";
import type { Series } from "../../run/series.ts";
import type { ClassEvaluation } from "./class-reports.ts";

/** Which of a class's three scores a chart shows. */
export type ClassScore = "precision" | "recall" | "f1";

/** One score of the classes in `shown`, at every evaluation; `most` as in `line-builders.ts`. */
export function classLines(
  evaluations: readonly ClassEvaluation[],
  labelNames: readonly string[],
  shown: readonly number[],
  score: ClassScore,
  kind: XKind,
  most: number,
): Series[] {
  const events = onePerStep(evaluations);
  return shown.map((index) => ({
    ...classStyle(index),
    key: `class-${index}`,
    name: labelNames[index] ?? `class ${index}`,
    isClass: true,
    weight: "normal",
    axis: "left",
    points: pointsOf(events, kind, most, (event) => event.report.classes[index]?.[score] ?? NaN),
  }));
}
