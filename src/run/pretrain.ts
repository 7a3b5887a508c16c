import type { EncodedRows } from "../data/rows.ts";
import type { LanguageModel } from "../model/language-model.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { RunControl } from "../train/control.ts";
import type { PretrainEvent } from "../train/events.ts";
import { pretrain as pretrainOn } from "../train/pretraining.ts";
import type { StateSaver, TrainingState } from "../train/run-state.ts";
import type { StepFit } from "../train/settings.ts";
import { textTaskOf } from "./language-model.ts";
import { ratesOf, type OpenedModel } from "./open-model.ts";

/** What continued pretraining takes of a run's input. */
interface PretrainInput {
  opened: OpenedModel;
  recipe: Recipe;
  train: EncodedRows;
  validation: EncodedRows;
  pretrainTexts?: EncodedRows;
  maxSteps?: number;
  fit?: StepFit;
  /** See `RunData`. */
  saver?: StateSaver | null;
  resumed?: TrainingState | null;
}

/**
 * Throws a Problem where the recipe wants continued pretraining and it cannot be: the tokenizer has no mask token, or
 * LoRA holds still what it would train.
 */
export function checkPretraining(recipe: Recipe, opened: OpenedModel): void {
  const { pretrainEpochs, loraRank } = recipe;
  if (pretrainEpochs === 0) return;
  textTaskOf(opened, recipe);
  if (loraRank === 0) return;
  throw new Problem({
    found: `The recipe has ${pretrainEpochs} epochs of continued pretraining and a LoRA rank of ${loraRank}.`,
    expected: "Continued pretraining moves the weights themselves, which LoRA leaves alone.",
    remedy: "Set one of the two to 0: pretrain and download first, then train that checkpoint with LoRA.",
  });
}

/**
 * Trains a language model, its encoder in place. Throws a Problem when the tokenizer has no mask token, when there
 * is nothing to hide, and when the training diverges.
 */
export async function* pretrain(
  model: LanguageModel,
  { opened, recipe, train, validation, pretrainTexts, maxSteps, fit, saver, resumed }: PretrainInput,
  control: RunControl,
): AsyncGenerator<PretrainEvent> {
  const data = {
    task: textTaskOf(opened, recipe),
    train: pretrainTexts ?? train,
    heldOut: validation,
    rates: ratesOf(opened.config),
    ...(maxSteps !== undefined && { maxSteps }),
    ...(fit && { fit }),
    ...(saver && { saver }),
    ...(resumed && { resumed }),
  };
  yield* pretrainOn(model, data, recipe, control);
}
