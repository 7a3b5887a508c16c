import type { PretrainEvent } from "../../workers/protocol.ts";
import { lineColors } from "./class-colors.ts";
import { wholeText } from "./figures.ts";
import { pointsOf, trainingLines } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import type { Series } from "./series.ts";

/**
 * Loss of the masked tokens in continued pretraining: of each step, smoothed, and of the held-out rows where there are
 * some. `weight` is that of `smoothed`, `most` the most points of a line.
 */
export function pretrainLines(events: readonly PretrainEvent[], kind: XKind, weight: number, most: number): Series[] {
  const steps = events.filter((event) => event.type === "pretrainStep");
  const evaluations = events.filter((event) => event.type === "pretrainEvaluation");
  const rows = evaluations[0]?.rows;
  const validation: Series = {
    key: "validation",
    name: `validation, ${wholeText(rows ?? 0)} rows`,
    color: lineColors.validation,
    dash: "",
    mark: "circle",
    weight: "normal",
    axis: "left",
    points: pointsOf(evaluations, kind, most, ({ loss }) => loss),
  };
  return [...trainingLines(steps, kind, weight, most), ...(rows === undefined ? [] : [validation])];
}
