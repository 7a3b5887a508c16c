import type { EvaluationEvent } from "../../workers/protocol.ts";
import { plannedEvaluations } from "../../recipe/evaluations.ts";
import type { RunState } from "../state.ts";
import { wholeText } from "../figures.ts";

/** Evaluations on the same rows; the baseline belongs to the first group. */
export interface EvaluationGroup {
  key: "sample" | "full";
  /** The rows in words, e.g. "256 sample rows". */
  rows: string;
  events: EvaluationEvent[];
}

/** The parts of a run that decide how its evaluations are grouped. */
export type EvaluatedRun = Pick<RunState, "evaluations" | "plan" | "recipe">;

/** The groups of a run's evaluations; their sizes follow from the recipe before the first evaluation. */
export function groupsOf({ evaluations, plan, recipe }: EvaluatedRun): EvaluationGroup[] {
  // Before the plan is known the sample is assumed to be smaller than the validation set, as it mostly is.
  const validationRows = plan?.validationRows ?? Infinity;
  const sample = plan && recipe ? plannedEvaluations(plan, recipe).sample : recipe?.evaluationsPerEpoch;
  const sampleRows = recipe && sample !== undefined && sample > 0 ? recipe.evaluationSample : validationRows;
  return evaluationGroups(evaluations, validationRows, sampleRows);
}

/**
 * Groups evaluations by their rows, so that no line joins scores of different rows; where the sample is the whole
 * validation set there is one group.
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
  const start = evaluations.find((e) => e.scope === "baseline")?.report.rows;
  const whole = Number.isFinite(validationRows) ? `all ${wholeText(validationRows)} rows` : "all rows";
  if (sampleRows >= validationRows) {
    return [{ key: "full", rows: whole + atStart(start, validationRows), events: onePerStep(evaluations) }];
  }
  return [
    { key: "sample", rows: `${wholeText(sampleRows)} sample rows${atStart(start, sampleRows)}`, events: sample },
    { key: "full", rows: whole, events: full },
  ];
}

/** Says how many rows the evaluation before the first step had, where later ones have more. */
function atStart(rows: number | undefined, later: number): string {
  return rows === undefined || rows === later || !Number.isFinite(later) ? "" : ` (${wholeText(rows)} at step 0)`;
}

/** One evaluation per step, in order of steps; of several at one step the one on the most rows. */
export function onePerStep<Event extends EvaluationEvent>(evaluations: readonly Event[]): Event[] {
  const chosen = new Map<number, Event>();
  for (const event of evaluations) {
    const other = chosen.get(event.step);
    if (!other || event.report.rows >= other.report.rows) chosen.set(event.step, event);
  }
  return [...chosen.values()].sort((a, b) => a.step - b.step);
}

/** "on all 1,114 validation rows, step 140" and the like. */
export function scopePhrase(event: EvaluationEvent): string {
  const rows = wholeText(event.report.rows);
  if (event.scope === "baseline") return `${rows} validation rows at step 0`;
  if (event.scope === "sample") return `${rows} sample rows of the validation rows, step ${wholeText(event.step)}`;
  return `all ${rows} validation rows, step ${wholeText(event.step)}`;
}
