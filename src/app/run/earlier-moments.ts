import type { AnyReport } from "../../tasks/task.ts";
import type { EarlierCorpusEvent, EarlierEvent, EvaluationEvent } from "../../workers/protocol.ts";
import type { EarlierScore } from "../state.ts";
import type { Moment } from "./moment.ts";

/** A score of the earlier task, at the moment of the evaluation that it goes with. */
export type EarlierMoment = Moment & { report: AnyReport };

/** A score of the earlier task's texts, at the moment of the evaluation that it goes with. */
export type CorpusMoment = Moment & Pick<EarlierCorpusEvent, "loss" | "perplexity" | "rows">;

/**
 * The earlier task's scores, each with the evaluation of the new task that it goes with; both in the order reported.
 */
export function withEvaluations<Score extends EarlierScore>(
  earlier: readonly Score[],
  evaluations: readonly EvaluationEvent[],
): [EvaluationEvent, Score][] {
  const pairs: [EvaluationEvent, Score][] = [];
  let place = 0;
  for (const event of earlier) {
    let at = evaluations[place++];
    while (at && (at.step !== event.step || at.scope !== event.scope)) at = evaluations[place++];
    if (at) pairs.push([at, event]);
  }
  return pairs;
}

/** The scores of an earlier task's rows at the moments of the evaluations that they go with. */
export function earlierMoments(
  earlier: readonly EarlierScore[],
  evaluations: readonly EvaluationEvent[],
): EarlierMoment[] {
  return withEvaluations(earlier.filter(isOfRows), evaluations).map(([at, { report }]) => ({
    ...momentOf(at),
    report,
  }));
}

/** The scores of an earlier task's texts at the moments of the evaluations that they go with. */
export function corpusMoments(
  earlier: readonly EarlierScore[],
  evaluations: readonly EvaluationEvent[],
): CorpusMoment[] {
  return withEvaluations(earlier.filter(isOfTexts), evaluations).map(([at, { loss, perplexity, rows }]) => ({
    ...momentOf(at),
    loss,
    perplexity,
    rows,
  }));
}

function momentOf({ step, wallMs, trainingMs }: EvaluationEvent): Moment {
  return { step, wallMs, trainingMs };
}

export const isOfRows = (score: EarlierScore): score is EarlierEvent => score.type === "earlier";
export const isOfTexts = (score: EarlierScore): score is EarlierCorpusEvent => score.type === "earlierCorpus";

/** What the earlier task scored before the first step, and with the weights of a step. */
export interface BeforeAndAfter<Score extends EarlierScore = EarlierScore> {
  before: Score;
  after: Score;
}

/**
 * The earlier task's scores before the first step and with the weights of `step`; null where one of them is not known.
 *
 * @param step step of the weights
 */
export function beforeAndAfter(earlier: readonly EarlierScore[], step: number): BeforeAndAfter | null {
  const before = earlier.find(({ scope }) => scope === "baseline");
  // A mean of checkpoints is scored at the step of the last one, after it.
  const after = earlier.findLast((event) => event.step === step);
  return before && after ? { before, after } : null;
}
