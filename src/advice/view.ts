import type { EvaluationFacts, OtherEvaluation, RunRecord } from "./record.ts";
import { stretchesOf, type Stretch } from "./stretches.ts";

/** A run as the rules read it: the record, and values derived from it that several rules need. */
export interface RunView extends RunRecord {
  ended: boolean;
  /** Whether each row has one class; without classes no rule compares a loss with that of a guess. */
  hasClasses: boolean;
  /** Number of steps made. */
  step: number;
  /** Step at which the rate reaches its peak; 0 without a warm-up. */
  warmupEnd: number;
  scale: LossScale;
  stretches: readonly Stretch[];
  /** Comparable evaluations: all on the same rows, in order, without the baseline. */
  curve: readonly EvaluationFacts[];
  /** Number of evaluations of `curve` that are enough evidence; fewer where each is on all rows. */
  enough: number;
}

/** With fewer sample evaluations per epoch than this, the curve consists of the full evaluations. */
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
    hasClasses: record.data.trainCounts.length > 0,
    step: steps.at(-1)?.step ?? 0,
    warmupEnd: warmed ? Math.min(plan.steps, warmup) : 0,
    scale: lossScale(record),
    stretches: stretchesOf(steps, plan.steps, ended),
    curve,
    enough: sampled ? 3 : 2,
  };
}

/** The last evaluation of all rows of a run that has ended; null before, and where none came after a step. */
export function lastFull<R extends { rows: number }>(
  { ended, state }: RunView,
  evaluations: readonly OtherEvaluation<R>[],
): OtherEvaluation<R> | null {
  if (!ended || state === "failed") return null;
  return evaluations.findLast(({ scope, step }) => scope === "full" && step > 0) ?? null;
}

/** Median training loss of the stretch that holds the step, or of the one nearest before; NaN before the first. */
export function lossAt({ stretches }: RunView, step: number): number {
  const held = stretches.findLast(({ firstStep }) => firstStep <= step) ?? stretches[0];
  return held?.loss ?? NaN;
}

/** Share of the run from which on scores of an earlier task count: at the highest rates they drop and recover later. */
const SETTLED = 0.25;

/**
 * An earlier task's score before the first step and its recent ones; null where there are too few to compare. At the
 * end of a run a single recent score is enough.
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
 * A training loss is low below this share of the way from a perfect model up to chance. There the loss and gradient of
 * a batch depend on a row or two, and vary strongly in healthy runs too.
 */
const LOW = 0.3;

/** The stretches whose loss is not yet low, see `LOW`; only their noise is meaningful. */
export function unlearned({ stretches, scale }: RunView): Stretch[] {
  return stretches.filter(({ loss }) => loss > scale.floor + LOW * (scale.chance - scale.floor));
}

/** The two reference values of a training loss, in nats; NaN without classes, and no loss is above or below that. */
interface LossScale {
  /** Loss of a guess by class frequency. */
  chance: number;
  /** Loss of a perfect model; above 0 only with label smoothing. */
  floor: number;
}

/**
 * The reference values of a run's training loss; with class weights or sampled classes all count equally. A focal loss
 * of a guess is lower, each row's by its factor.
 */
function lossScale({ recipe, labelNames, data }: RunRecord): LossScale {
  if (data.trainCounts.length === 0) return { chance: NaN, floor: NaN };
  const classes = Math.max(2, labelNames.length);
  const rows = data.trainCounts.reduce((sum, count) => sum + count, 0);
  const known = rows > 0 && recipe.classWeights === null && recipe.sampling === "all";
  const shares = known ? data.trainCounts.map((count) => count / rows) : new Array<number>(classes).fill(1 / classes);
  const { focalGamma } = recipe;
  if (focalGamma > 0) return { chance: entropy(shares, (share) => (1 - share) ** focalGamma), floor: 0 };
  const chance = entropy(shares);
  const rest = recipe.labelSmoothing / classes;
  const target = Array.from({ length: classes }, (_, k) => (k === 0 ? 1 - recipe.labelSmoothing + rest : rest));
  return { chance, floor: entropy(target) };
}

function entropy(shares: readonly number[], factor: (share: number) => number = () => 1): number {
  return shares.reduce((sum, share) => (share > 0 ? sum - factor(share) * share * Math.log(share) : sum), 0);
}
