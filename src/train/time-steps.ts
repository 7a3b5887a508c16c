import { cutByTokens, lengthOf, rowCount, stepRows } from "../data/batches.ts";
import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import { epochSize, sampledOrder } from "../data/sampled-order.ts";
import { textCount, tokensOfFirst } from "../data/windows.ts";
import { median } from "../metrics/spread.ts";
import type { Parameter } from "../ops/parameter.ts";
import { BASELINE_ROWS, plannedEvaluations, type PlannedEvaluations } from "../recipe/evaluations.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { capacityOf } from "./capacity.ts";
import type { RunControl } from "./control.ts";
import type { Earlier } from "./earlier.ts";
import { earlierRows, type EarlierData } from "./earlier-task.ts";
import { logitsOf } from "./evaluate.ts";
import { featureRows, trainsHeadAlone } from "./features.ts";
import { lossesOf } from "./losses.ts";
import { nextTask } from "./next-task.ts";
import { readSteps } from "./read-steps.ts";
import { countSteps, settingsOf, type StepFit } from "./settings.ts";
import type { Rates, Trainable } from "./trainable.ts";
import { TIMED_ROWS, timedRecipe, timeEarlier } from "./time-earlier.ts";
import { Trainer } from "./trainer.ts";

/** How long a run takes by a few of its steps. */
export interface TimedSteps {
  steps: number;
  /** Milliseconds of a training step of mean length. */
  msPerStep: number;
  /** Milliseconds of a token that is scored. */
  msPerToken: number;
  /** The time of the whole run: its steps, its evaluations, and the encoder's one pass where the head alone trains. */
  ms: number;
  /** What the first step and the first evaluations took beyond later ones: kernels were compiled, buffers allocated. */
  compileMs: number;
}

/** The first steps compile kernels and fill the pool of buffers. */
const WARM_UP = 2;
/** At least 3 steps, up to 12 within 1 s, to average out other load. */
const TIMED = { least: 3, most: 12, ms: 1000 };
/** Rows scored to see how long an evaluation takes. */
const SCORED_ROWS = 64;

/**
 * Times a few steps and a small evaluation after some warm-up steps, and estimates the rest by tokens. Changes the model's
 * weights: give it one of its own. Null when `control` stops it.
 */
export async function timeSteps<Pass>(
  model: Trainable<Pass>,
  data: {
    task: TrainedTask;
    train: EncodedDataset;
    validation: EncodedDataset;
    labelNames: readonly string[];
    rates: Rates;
    fit: StepFit;
    /** The task that the model was trained for before. */
    earlier?: EarlierData | undefined;
    /** In its place: texts, made as for `timeEarlier`, and the number of texts of the run itself. */
    earlierCorpus?: { sampled: Earlier; rows: { train: number; validation: number } } | undefined;
  },
  recipe: Recipe,
  control: RunControl,
  onStep: (done: number, total: number) => void = () => undefined,
): Promise<TimedSteps | null> {
  const { train, validation, labelNames, rates, fit, earlier, earlierCorpus } = data;
  const { rows, tokens } = epochSize(train, recipe);
  const { steps, stepsPerEpoch } = countSteps(recipe, rows);
  model.checkpointing = fit.checkpointing;
  const capacity = capacityOf(recipe, steps, train, validation, earlier, fit.mostTokens);
  const trainer = new Trainer(model, lossesOf(data, recipe), settingsOf(recipe, steps, rates), capacity);
  const total = WARM_UP + TIMED.least + 2;
  const sampled = earlier
    ? earlierRows(model, { task: data.task, ...earlier }, timedRecipe(recipe), capacity, control, TIMED_ROWS.scored)
    : earlierCorpus?.sampled;
  const rowsOfEarlier = earlier ? rowsOf(earlier) : earlierCorpus?.rows;
  try {
    const trains = (parameter: Parameter) => trainer.trainable.has(parameter);
    const ofEarlier = sampled && rowsOfEarlier && (await timeEarlier(sampled, trains, rowsOfEarlier, recipe));
    trainer.consolidation = ofEarlier?.consolidation ?? null;
    const isHeadAlone = trainsHeadAlone(model, trainer.trainable, featureRows({ train, validation }));
    const timed: { ms: number; tokens: number }[] = [];
    let [done, spentMs] = [0, 0];
    for (const rows of isHeadAlone || recipe.effort === "quick"
      ? []
      : typicalSteps(train, recipe, steps, WARM_UP + TIMED.most)) {
      if (control.stops) return null;
      if (done >= WARM_UP + TIMED.least && spentMs > TIMED.ms) break;
      const start = performance.now();
      const batches = cutByTokens(train, rows, fit.mostTokens).map((some) => data.task.batchOf(train, some, 0));
      const rehearsed = sampled?.batchesOf(done % steps, fit.mostTokens) ?? [];
      await readSteps([trainer.step([...batches, ...rehearsed])]);
      const ms = performance.now() - start;
      // Tokens of the new rows alone: the rehearsed ones are the same share of every step.
      timed.push({ ms, tokens: batches.reduce((sum, { ids }) => sum + ids.length, 0) });
      if (done >= WARM_UP) spentMs += ms;
      onStep(Math.min(++done, WARM_UP + TIMED.least), total);
      await nextTask();
    }
    const sample = Int32Array.from({ length: Math.min(SCORED_ROWS, textCount(validation)) }, (_, row) => row);
    const scored: number[] = [];
    for (let turn = 0; turn < 2; turn++) {
      if (control.stops) return null;
      const start = performance.now();
      await logitsOf(model, validation, sample, data.task.outputs(labelNames), capacity);
      scored.push(performance.now() - start);
      onStep(total - 1 + turn, total);
    }
    const [firstScored = 0, againScored = 0] = scored;
    const perToken = againScored / Math.max(1, tokensOfFirst(validation, sample.length));
    const perTrainedToken = median(timed.slice(WARM_UP).map(({ ms, tokens }) => ms / tokens));
    const compileMs =
      Math.max(0, firstScored - againScored) +
      timed.slice(0, WARM_UP).reduce((sum, { ms, tokens }) => sum + Math.max(0, ms - perTrainedToken * tokens), 0) +
      (ofEarlier?.compileMs ?? 0);
    const planned = plannedEvaluations({ steps, stepsPerEpoch }, recipe);
    const meter = (ofEarlier?.scoreMs ?? 0) * planned.total + (ofEarlier?.consolidationMs ?? 0);
    const mapped = recipe.dataMap ? Math.floor(steps / stepsPerEpoch) * train.ids.length : 0;
    const evaluations = perToken * (evaluatedTokens(validation, recipe, planned) + mapped) + meter;
    if (isHeadAlone) {
      return {
        steps,
        msPerStep: 0,
        msPerToken: perToken,
        ms: perToken * (train.ids.length + validation.ids.length) + meter,
        compileMs,
      };
    }
    const msPerStep = (perTrainedToken * tokens) / stepsPerEpoch;
    return { steps, msPerStep, msPerToken: perToken, ms: msPerStep * steps + evaluations, compileMs };
  } finally {
    trainer.dispose();
  }
}

/**
 * The steps of the run's first epoch whose number of tokens is nearest to the mean, repeated where there are few. A step also
 * has a cost that does not grow with its tokens, so that estimates from other steps would be wrong.
 *
 * @param steps of the whole run, which may end within its first epoch: no later step fits its capacity
 */
export function typicalSteps(
  train: EncodedDataset,
  recipe: Pick<Recipe, "batchSize" | "accumulate" | "sampling" | "seed">,
  steps: number,
  count: number,
): Int32Array[][] {
  const own = [...stepRows(sampledOrder(train, recipe, 0), recipe.batchSize, recipe.accumulate)].slice(0, steps);
  const tokensOf = (parts: Int32Array[]) =>
    parts.reduce((sum, rows) => rows.reduce((tokens, row) => tokens + lengthOf(train, row), sum), 0);
  const sized = own.map((parts) => ({ parts, tokens: tokensOf(parts) }));
  const mean = sized.reduce((sum, { tokens }) => sum + tokens, 0) / sized.length;
  const distance = ({ tokens }: { tokens: number }) => Math.abs(tokens - mean);
  sized.sort((a, b) => distance(a) - distance(b));
  return Array.from({ length: count }, (_, i) => sized[i % sized.length]?.parts ?? []);
}

function rowsOf({ train, validation }: EarlierData) {
  return { train: rowCount(train), validation: textCount(validation) };
}

/** Tokens of all evaluations of a run. */
function evaluatedTokens(
  validation: EncodedRows,
  { evaluationSample }: Recipe,
  { sample, full, averaged }: PlannedEvaluations,
): number {
  const rows = textCount(validation);
  const sampled = Math.min(rows, evaluationSample);
  const perRow = validation.ids.length / Math.max(1, rows);
  return perRow * (Math.min(BASELINE_ROWS, sampled) + sample * sampled + (full + averaged) * rows);
}
