import type { EvaluationEvent } from "../../workers/protocol.ts";
import type { RunState } from "../state.ts";
import { wholeText } from "./figures.ts";

/** Evaluations that were made on the same rows (the baseline goes with the first group there is). */
export interface EvaluationGroup {
  key: "sample" | "full";
  /** E.g. "256 rows", "all 1,114 rows". */
  rows: string;
  events: EvaluationEvent[];
}

/** What of a run the grouping of its evaluations follows from. */
export type EvaluatedRun = Pick<RunState, "evaluations" | "plan" | "recipe">;

/** The groups of a run's evaluations; the recipe tells their sizes before the first has been made. */
export function groupsOf({ evaluations, plan, recipe }: EvaluatedRun): EvaluationGroup[] {
  // Before the plan is known the sample is taken for the smaller of the two, as it mostly is.
  const validationRows = plan?.validationRows ?? Infinity;
  const sampleRows = recipe && recipe.evaluationsPerEpoch > 0 ? recipe.evaluationSample : validationRows;
  return evaluationGroups(evaluations, validationRows, sampleRows);
}

/**
 * Evaluations apart by what they were made on, so that no line joins scores of different rows; where the sample is
 * the whole validation set there is one group.
 *
 * @param validationRows rows of the whole validation set; Infinity while unknown
 * @param sampleRows rows of the fixed sample
 */
export function evaluationGroups(
  evaluations: readonly EvaluationEvent[],
  validationRows: number,
  sampleRows: number,
): EvaluationGroup[] {
  const sample = evaluations.filter((e) => e.scope !== "full");
  const full = evaluations.filter((e) => e.scope === "full");
  const whole = Number.isFinite(validationRows) ? `all ${wholeText(validationRows)} rows` : "all rows";
  if (sampleRows >= validationRows) {
    return [{ key: "full", rows: whole, events: onePerStep(evaluations) }];
  }
  return [
    { key: "sample", rows: `${wholeText(sampleRows)} rows`, events: sample },
    { key: "full", rows: whole, events: full },
  ];
}

/** One evaluation a step, in order of steps: of several the one on the most rows. */
export function onePerStep(evaluations: readonly EvaluationEvent[]): EvaluationEvent[] {
  const chosen = new Map<number, EvaluationEvent>();
  for (const event of evaluations) {
    const other = chosen.get(event.step);
    if (!other || event.report.rows >= other.report.rows) chosen.set(event.step, event);
  }
  return [...chosen.values()].sort((a, b) => a.step - b.step);
}

/** "on all 1,114 validation rows, step 140" and the like. */
export function scopePhrase(event: EvaluationEvent): string {
  const rows = wholeText(event.report.rows);
  if (event.scope === "baseline") return `${rows} validation rows, before the first step`;
  if (event.scope === "sample") return `a fixed sample of ${rows} validation rows, step ${wholeText(event.step)}`;
  return `all ${rows} validation rows, step ${wholeText(event.step)}`;
}
