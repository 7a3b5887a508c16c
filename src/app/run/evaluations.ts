import type { EvaluationEvent } from "../../workers/protocol.ts";
import { wholeText } from "./figures.ts";

/** Evaluations that were made on the same rows (the baseline goes with the first group there is). */
export interface EvaluationGroup {
  key: "sample" | "full";
  /** E.g. "256 rows", "all 1,114 rows". */
  rows: string;
  events: EvaluationEvent[];
}

/**
 * Evaluations apart by what they were made on, so that no line joins scores of different rows; where the sample is
 * the whole validation set there is one group.
 *
 * @param validationRows rows of the whole validation set
 */
export function evaluationGroups(evaluations: readonly EvaluationEvent[], validationRows: number): EvaluationGroup[] {
  const sample = evaluations.filter((e) => e.scope !== "full");
  const full = evaluations.filter((e) => e.scope === "full");
  const sampleRows = sample.find((e) => e.scope === "sample")?.report.rows;
  const whole = `all ${wholeText(validationRows)} rows`;
  if (sampleRows === undefined || sampleRows >= validationRows) {
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
