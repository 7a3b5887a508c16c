import { rowCount } from "../data/batches.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { RunControl } from "./control.ts";
import type { PretrainStepEvent } from "./events.ts";
import { Pretraining, type PretrainData } from "./pretraining.ts";
import type { Trainable } from "./trainable.ts";

/** The first one compiles what only a language model needs, and fills the pool of buffers. */
const STEPS = 4;
/** Rows scored to see how long an evaluation takes. */
const SCORED_ROWS = 32;

/** How long continued pretraining takes by a few of its steps. */
export interface TimedPretraining {
  ms: number;
  /** What the first step took beyond later ones. */
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
  const run = new Pretraining(model, { ...data, maxSteps: STEPS }, { ...recipe, evaluationSample }, control);
  const steps: PretrainStepEvent[] = [];
  let scored = { ms: 0, rows: 1 };
  for await (const event of run.events()) {
    if (event.type === "pretrainStep") steps.push(event);
    else scored = { ms: event.wallMs - (steps.at(-1)?.wallMs ?? 0), rows: event.rows };
  }
  if (control.stops) return null;
  const [first, ...others] = steps;
  const tokens = others.reduce((sum, step) => sum + step.tokens, 0);
  // Texts of one step alone have no second one.
  const ms = tokens > 0 ? (others.at(-1)?.trainingMs ?? 0) - (first?.trainingMs ?? 0) : (first?.trainingMs ?? 0);
  const perToken = ms / Math.max(1, tokens > 0 ? tokens : (first?.tokens ?? 1));
  const perEvaluation = (scored.ms / scored.rows) * Math.min(recipe.evaluationSample, rowCount(data.heldOut));
  const evaluations = 1 + Math.ceil(recipe.pretrainEpochs);
  return {
    ms: perToken * recipe.pretrainEpochs * data.train.ids.length + evaluations * perEvaluation,
    compileMs: Math.max(0, (first?.trainingMs ?? 0) - perToken * (first?.tokens ?? 0)),
  };
}
