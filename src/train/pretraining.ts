import type { EncodedRows } from "../data/rows.ts";
import { defaultRecipe, picked, type Recipe } from "../recipe/recipe.ts";
import type { TextTask } from "../tasks/task.ts";
import type { RunControl } from "./control.ts";
import type { PretrainEvent, StepEvent } from "./events.ts";
import { Diverged, TrainingRun } from "./loop.ts";
import { evaluationBatch, pretrainCapacity, pretrainRows } from "./pretrain-capacity.ts";
import type { StateSaver, TrainingState } from "./run-state.ts";
import { optimizerFields, unfitted, type StepFit } from "./settings.ts";
import type { Rates, Trainable } from "./trainable.ts";

/** What continued pretraining works on; labels play no part. */
export interface PretrainData {
  task: TextTask;
  train: EncodedRows;
  /** For evaluations. */
  heldOut: EncodedRows;
  /** Dropout rates of the checkpoint's config, used where the recipe names none. */
  rates: Rates;
  /** Cuts it short, and its schedule with it. */
  maxSteps?: number;
  /** How a step is made to fit into memory; as in the recipe where not given. */
  fit?: StepFit;
  /** See `RunData`. */
  saver?: StateSaver | null;
  resumed?: TrainingState | null;
}

/**
 * Continued pretraining on texts (Gururangan et al. 2020): a run of its own before the fine-tuning, with the recipe of
 * `pretrainingRecipe`. Rows without a token to hide are left out. Runs to the end, or until `control` stops it.
 * Throws a Problem when nothing is left, when a row is more than the device can hold the logits of, and when the training
 * diverges.
 */
export async function* pretrain<Pass>(
  model: Trainable<Pass>,
  data: PretrainData,
  recipe: Recipe,
  control: RunControl,
): AsyncGenerator<PretrainEvent> {
  const { task, rates, maxSteps = Infinity, fit = unfitted(recipe), saver = null, resumed = null } = data;
  const { rows, steps } = pretrainRows(data, recipe);
  const capacity = pretrainCapacity(task, recipe, steps, rows, fit.mostTokens);
  const { train, heldOut: validation, accumulate } = rows;
  const scoredBatch = evaluationBatch(rows, capacity.tokens);
  const sized = { capacity, scoredBatch, rates, fit, maxSteps };
  const run = new TrainingRun(
    model,
    { task, train, validation, labelNames: [], ...sized, keepsLast: true, saver, resumed, diverged },
    pretrainingRecipe(recipe, accumulate),
    control,
  );
  for await (const event of run.events()) {
    if (event.type === "step") {
      yield { ...event, type: "pretrainStep", steps, targets: event.targets ?? event.rows };
    } else if (event.type === "evaluation") {
      const { step, epoch, report, trainingMs, wallMs } = event;
      yield { type: "pretrainEvaluation", task: task.name, step, steps, epoch, report, trainingMs, wallMs };
    }
  }
}

/**
 * All weights train, by AdamW at the recipe's rate for pretraining, with a linear schedule and the recipe's warm-up share,
 * decay and clipping; of the methods of fine-tuning none takes part.
 */
function pretrainingRecipe(recipe: Recipe, accumulate: number): Recipe {
  const kept = ["batchSize", "evaluationSample", "warmupShare", "hiddenDropout", "attentionDropout", "seed"] as const;
  const { pretrainEpochs: epochs, pretrainLearningRate: learningRate } = recipe;
  return {
    ...defaultRecipe,
    ...picked(recipe, [...optimizerFields, ...kept]),
    epochs,
    learningRate,
    accumulate,
    schedule: "linear",
    warmupSteps: null,
    classifierDropout: 0,
    evaluationsPerEpoch: 0,
  };
}

function diverged({ step, loss, gradientNorm }: StepEvent): Diverged {
  return new Diverged({
    found: `At step ${step} of the pretraining the loss was ${loss} and the gradient norm ${gradientNorm}.`,
    expected: "Both were expected to be finite numbers: the pretraining diverged.",
    remedy: "Lower the rate of pretraining or raise the warm-up, then start again.",
  });
}
