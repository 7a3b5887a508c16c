import type { Metric } from "../../tasks/task.ts";
import { sampled } from "../../metrics/curves.ts";
import type { EvaluationEvent } from "../../workers/protocol.ts";
import { isFoldDone } from "../run-outcome.ts";
import { classStyle } from "../run/class-colors.ts";
import { groupsOf } from "../run/evaluations.ts";
import type { Frame } from "../run/frame.ts";
import { xTicks } from "../run/moment.ts";
import type { Series } from "../run/series.ts";
import type { FoldCurve, FoldsState, RunState } from "../state.ts";

/** "fold 2", or "fold 2 of repeat 3" where there are repeats. */
export function foldName(
  { repeat, fold }: Pick<FoldCurve, "repeat" | "fold">,
  { repeats }: FoldsState["counts"],
): string {
  return repeats > 1 ? `fold ${fold} of repeat ${repeat}` : `fold ${fold}`;
}

/** The evaluations of every fold: those that are complete, and the one that trains now. */
export function curvesOf(run: RunState): FoldCurve[] {
  const { folds, evaluations, plan } = run;
  if (!folds) return [];
  const { current, curves } = folds;
  if (current === null || current === "final" || isFoldDone(folds)) return curves;
  return [...curves, { ...current, evaluations, plan }];
}

/**
 * A line of each fold: a metric of its held-out rows over the epochs. Each is of evaluations on the same rows, of all its
 * rows or of a sample, whichever were more.
 */
export function foldLines(run: RunState, metric: Metric, most: number): Series[] {
  const { folds, recipe } = run;
  if (!folds) return [];
  return curvesOf(run).flatMap((curve, place) => {
    const events = longest({ ...curve, recipe });
    const values = events.map(({ report }) => metric.of(report));
    const points = sampled(values, most).flatMap((index) => {
      const at = events[index];
      return at ? [{ x: at.epoch, y: values[index] ?? NaN, at }] : [];
    });
    const name = foldName(curve, folds.counts);
    return points.length === 0
      ? []
      : [
          {
            key: `${curve.repeat}-${curve.fold}`,
            name,
            ...classStyle(place),
            weight: "normal",
            axis: "left",
            points,
          } as const,
        ];
  });
}

function longest(run: Pick<RunState, "evaluations" | "plan" | "recipe">): EvaluationEvent[] {
  return groupsOf(run).reduce<EvaluationEvent[]>(
    (most, { events }) => (events.length >= most.length ? events : most),
    [],
  );
}

/** The frame of the folds' charts, over epochs. */
export function foldFrame(run: RunState): Frame {
  const epochs = curvesOf(run).flatMap(({ evaluations, plan }) => [plan?.epochs ?? 0, evaluations.at(-1)?.epoch ?? 0]);
  const end = Math.max(0.1, ...epochs);
  return { kind: "epoch", end, ticks: xTicks(end, "epoch"), epochs: [], best: null };
}
