import { lossScale, type LossScale } from "./chance.ts";
import type { EvaluationFacts, RunRecord } from "./record.ts";
import { stretchesOf, type Stretch } from "./stretches.ts";

/** A run as the rules read it: the record, and what several of them need of it. */
export interface RunView extends RunRecord {
  ended: boolean;
  /** Steps made. */
  step: number;
  /** Step at which the rate is at its peak; 0 without a warm-up. */
  warmupEnd: number;
  scale: LossScale;
  stretches: readonly Stretch[];
  /** Evaluations that can be compared: all on the same rows, in order, the baseline left out. */
  curve: readonly EvaluationFacts[];
  /** Evaluations of `curve` that make evidence: fewer where each is on all rows. */
  enough: number;
}

/** With fewer evaluations on the sample in an epoch than these, the full ones alone make the curve. */
const LEAST_SAMPLES = 3;

export function viewOf(record: RunRecord): RunView {
  const { recipe, plan, steps, evaluations } = record;
  const ended = record.state !== "running";
  const sampleRows = Math.min(recipe.evaluationSample, plan.validationRows);
  const sampled = recipe.evaluationsPerEpoch >= LEAST_SAMPLES;
  const curve = evaluations.filter(({ scope, report }) =>
    sampled ? scope !== "baseline" && report.rows === sampleRows : scope === "full",
  );
  const warmed = recipe.schedule !== "constant";
  const warmup = recipe.warmupSteps ?? Math.ceil(recipe.warmupShare * plan.steps);
  return {
    ...record,
    ended,
    step: steps.at(-1)?.step ?? 0,
    warmupEnd: warmed ? Math.min(plan.steps, warmup) : 0,
    scale: lossScale(record),
    stretches: stretchesOf(steps, plan.steps, ended),
    curve,
    enough: sampled ? 3 : 2,
  };
}

/** Median training loss of the stretch that holds the step, or of the one nearest before; NaN before the first. */
export function lossAt({ stretches }: RunView, step: number): number {
  const held = stretches.findLast(({ firstStep }) => firstStep <= step) ?? stretches[0];
  return held?.loss ?? NaN;
}

/** Steps of the highest rate shake what comes back later: scores of an earlier task count from this share of the run on. */
const SETTLED = 0.25;

/**
 * What an earlier task scored before the first step, and of late; null where there is too little to compare. Of an ended
 * run the last score stands, though it be the only one.
 */
export function settledScores<Score extends { step: number }>(
  { plan, warmupEnd, enough, ended }: RunView,
  scores: readonly Score[],
): { before: Score; recent: Score[]; last: Score } | null {
  const [before] = scores;
  const from = Math.max(warmupEnd, SETTLED * plan.steps);
  const recent = scores.filter(({ step }) => step > from).slice(-enough);
  const last = recent.at(-1);
  if (!before || before.step > 0 || !last || (!ended && recent.length < enough)) return null;
  return { before, recent, last };
}

/**
 * Share of the way from chance down to a perfect model under which a training loss is called low. There a batch's loss
 * and gradient hang on a row or two, and swing in the soundest run.
 */
const LOW = 0.3;

/** The stretches whose loss is not yet low, see `LOW`: those whose noise tells something. */
export function unlearned({ stretches, scale }: RunView): Stretch[] {
  return stretches.filter(({ loss }) => loss > scale.floor + LOW * (scale.chance - scale.floor));
}
