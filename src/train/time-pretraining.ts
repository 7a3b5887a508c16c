import { rowCount } from "../data/batches.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { RunControl } from "./control.ts";
import type { PretrainEvent } from "./events.ts";
import { pretrain, type PretrainData } from "./pretraining.ts";
import type { Trainable } from "./trainable.ts";

/** The first step compiles what only a language model needs, and fills the pool of buffers. */
const WARM_UP = 1;
/** At least 3 steps, up to 12 within 1 s, to average out other load. */
const TIMED = { least: 3, most: 12, ms: 1000 };
/** Rows scored to see how long an evaluation takes. */
const SCORED_ROWS = 32;

/** How long continued pretraining takes by a few of its steps. */
interface TimedPretraining {
  ms: number;
  /** What the first step and the first evaluation took beyond later ones. */
  compileMs: number;
}

/**
 * Milliseconds of continued pretraining, by a few of its steps and a small evaluation. Changes the model's weights: give
 * it one of its own. Null when `control` stops it.
 */
export async function timePretraining<Pass>(
  model: Trainable<Pass>,
  data: Omit<PretrainData, "maxSteps">,
  recipe: Recipe,
  control: RunControl,
): Promise<TimedPretraining | null> {
  const evaluationSample = Math.min(SCORED_ROWS, recipe.evaluationSample);
  const timed = (maxSteps: number) =>
    timesOf(pretrain(model, { ...data, maxSteps }, { ...recipe, evaluationSample }, control));
  const first = await timed(WARM_UP);
  const again = await timed(Math.max(TIMED.least, Math.min(TIMED.most, Math.ceil(TIMED.ms / first.ms))));
  if (control.stops) return null;
  const perToken = again.ms / Math.max(1, again.tokens);
  const score = again.scores.at(-1) ?? { ms: 0, rows: 1 };
  const perEvaluation = (score.ms / score.rows) * Math.min(recipe.evaluationSample, rowCount(data.heldOut));
  const evaluations = 1 + Math.ceil(recipe.pretrainEpochs);
  return {
    ms: perToken * recipe.pretrainEpochs * data.train.ids.length + evaluations * perEvaluation,
    compileMs: Math.max(0, first.ms - perToken * first.tokens) + Math.max(0, (first.scores[0]?.ms ?? 0) - score.ms),
  };
}

/** Milliseconds and tokens of all steps of a short run together, since losses are read behind; and its evaluations. */
async function timesOf(events: AsyncIterable<PretrainEvent>) {
  const times = { ms: 0, tokens: 0, scores: [] as { ms: number; rows: number }[] };
  let wallMs = 0;
  for await (const event of events) {
    if (event.type === "pretrainEvaluation") times.scores.push({ ms: event.wallMs - wallMs, rows: event.report.rows });
    else {
      times.ms = event.trainingMs;
      times.tokens += event.tokens;
    }
    ({ wallMs } = event);
  }
  return times;
}
