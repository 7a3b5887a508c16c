import { smoothed } from "../../metrics/curves.ts";
import { taskNamed } from "../../tasks/registry.ts";
import type { Metric } from "../../tasks/task.ts";
import { classStyle } from "../run/class-colors.ts";
import type { Frame } from "../run/frame.ts";
import { pointsOf } from "../run/line-builders.ts";
import { xEnd, xOf, xTicks, type Moment, type XKind } from "../run/moment.ts";
import type { Series } from "../run/series.ts";
import { wholeText } from "../figures.ts";
import type { KeptRun } from "./kept-run.ts";

/** Runs that are compared at once: as many as there are colours that can be told apart. */
export const MOST_COMPARED = 8;

/** What a chart of runs shows: the training loss, or a metric of validation rows. */
export const TRAINING = "training";

/** The metrics that all of the runs were measured by; none where their tasks have none in common. */
export function commonMetrics(runs: readonly KeptRun[]): Metric[] {
  const [first, ...others] = [...new Set(runs.map(({ task }) => task))].map(taskNamed);
  const isCommon = ({ key, label }: Metric) =>
    others.every(({ metrics }) => metrics.some((one) => one.key === key && one.label === label));
  return first ? first.metrics.filter(isCommon) : [];
}

/**
 * A line of each run, in the run's own colour, dash and mark; of a cross-validation a line of each fold.
 *
 * @param shown `TRAINING`, or the key of a metric
 * @param most largest number of points of a line
 */
export function runLines(runs: readonly KeptRun[], shown: string, kind: XKind, most: number): Series[] {
  return runs.flatMap((run, place) => {
    const style = { ...classStyle(place), weight: "normal", axis: "left", isClass: true } as const;
    if (shown === TRAINING) {
      const events = stepsOf(run);
      const average = smoothed(
        events.map(({ loss }) => loss),
        SMOOTHING,
      );
      const points = pointsOf(events, kind, most, (_, i) => average[i] ?? NaN);
      return points.length === 0 ? [] : [{ ...style, mark: null, key: run.id, name: run.name, points }];
    }
    const names = [...new Set(run.evaluations.map(({ fold }) => fold))];
    return names.flatMap((fold): Series[] => {
      const events = longestOf(run.evaluations.filter((event) => event.fold === fold));
      const points = pointsOf(events, kind, most, ({ values }) => values[shown] ?? NaN);
      const name = [run.name, fold, `${wholeText(events[0]?.rows ?? 0)} rows`].filter(Boolean).join(", ");
      return points.length === 0 ? [] : [{ ...style, key: `${run.id} ${fold ?? ""}`, name, points }];
    });
  });
}

/** The frame of such lines: from 0 to the furthest point of any. */
export function runsFrame(series: readonly Series[], kind: XKind): Frame {
  const furthest = Math.max(0, ...series.flatMap(({ points }) => points.map(({ at }) => xOf(at, kind))));
  const end = kind === "epoch" ? Math.max(0.1, furthest) : xEnd(furthest, kind, furthest);
  return { kind, end, ticks: xTicks(end, kind), epochs: [], best: null };
}

/** How much the loss of steps is smoothed: about as over ten of them. */
const SMOOTHING = 0.9;

function stepsOf({ steps }: KeptRun): (Moment & { loss: number })[] {
  return steps.step.map((step, i) => ({
    step: step ?? NaN,
    epoch: steps.epoch[i] ?? NaN,
    wallMs: steps.wallMs[i] ?? NaN,
    trainingMs: steps.trainingMs[i] ?? NaN,
    loss: steps.loss[i] ?? NaN,
  }));
}

/** Evaluations on equally many rows, of which there are the most, so that no line joins scores of different rows. */
function longestOf(evaluations: KeptRun["evaluations"]): KeptRun["evaluations"] {
  const byRows = [...new Set(evaluations.map(({ rows }) => rows))].map((rows) =>
    evaluations.filter((event) => event.rows === rows),
  );
  return byRows.reduce(
    (most, events) =>
      events.length > most.length || (events.length === most.length && (events[0]?.rows ?? 0) > (most[0]?.rows ?? 0))
        ? events
        : most,
    [],
  );
}
