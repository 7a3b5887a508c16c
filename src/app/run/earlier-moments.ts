import type { AnyReport } from "../../tasks/task.ts";
import type { EarlierEvent, EvaluationEvent } from "../../workers/protocol.ts";
import type { Moment } from "./moment.ts";

/** A score of the earlier task, at the moment of the evaluation that it goes with. */
export type EarlierMoment = Moment & { report: AnyReport };

/**
 * The earlier task's scores, each with the evaluation of the new task that it goes with; both in the order reported.
 */
export function withEvaluations(
  earlier: readonly EarlierEvent[],
  evaluations: readonly EvaluationEvent[],
): [EvaluationEvent, EarlierEvent][] {
  const pairs: [EvaluationEvent, EarlierEvent][] = [];
  let place = 0;
  for (const event of earlier) {
    let at = evaluations[place++];
    while (at && (at.step !== event.step || at.scope !== event.scope)) at = evaluations[place++];
    if (at) pairs.push([at, event]);
  }
  return pairs;
}

/** The earlier task's scores at the moments of the evaluations that they go with. */
export function earlierMoments(
  earlier: readonly EarlierEvent[],
  evaluations: readonly EvaluationEvent[],
): EarlierMoment[] {
  return withEvaluations(earlier, evaluations).map(([{ step, wallMs, trainingMs }, { report }]) => ({
    ...{ step, wallMs, trainingMs },
    report,
  }));
}

/** What the earlier task scored before the first step, and with the weights of a step. */
export interface BeforeAndAfter {
  before: EarlierEvent;
  after: EarlierEvent;
}

/**
 * The earlier task's scores before the first step and with the weights of `step`; null where one of them is not known.
 *
 * @param step step of the weights
 */
export function beforeAndAfter(earlier: readonly EarlierEvent[], step: number): BeforeAndAfter | null {
  const before = earlier.find(({ scope }) => scope === "baseline");
  // A mean of checkpoints is scored at the step of the last one, after it.
  const after = earlier.findLast((event) => event.step === step);
  return before && after ? { before, after } : null;
}
