import type { Results } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import type { Weights } from "../run-outcome.ts";
import type { RunState, Selection } from "../state.ts";

/**
 * The object that results are cached under; null before the end. A run that failed has no end event, but its own array
 * of steps; folds that were stopped before the final model have their summary. Thresholds that are
 * set make all of it new.
 */
export function endOf({ end, steps, status, folds, decided }: RunState): object | null {
  const own = end ?? folds?.summary ?? (status === "failed" ? steps : null);
  return own && (decided ?? own);
}

/** Results by run, so that switching tabs scores the validation rows only once for each kind of weights. */
const asked = new WeakMap<object, Map<Weights, Promise<Results>>>();

/** The results of an ended run, which are computed at the first call. */
export function askOnce(session: Session, end: object, weights: Weights): Promise<Results> {
  const ofRun = asked.get(end) ?? new Map<Weights, Promise<Results>>();
  asked.set(end, ofRun);
  const known = ofRun.get(weights);
  if (known) return known;
  const answer = session.results(weights);
  ofRun.set(weights, answer);
  // A failure is not cached: coming back to the tab tries again.
  answer.catch(() => ofRun.delete(weights));
  return answer;
}

/** Results of selected rows, by those of all and by the rows: each selection has an array of its own. */
const askedRows = new WeakMap<Results, WeakMap<Int32Array, Promise<Results>>>();

/** The results of the selected rows alone, which are computed at the first call; `all`: of all rows, by the same weights. */
export function askSelected(session: Session, { rows }: Pick<Selection, "rows">, all: Results): Promise<Results> {
  const known = askedRows.get(all) ?? new WeakMap<Int32Array, Promise<Results>>();
  askedRows.set(all, known);
  const answer = known.get(rows) ?? session.selectedResults(all.weights, rows);
  known.set(rows, answer);
  answer.catch(() => known.delete(rows));
  return answer;
}
