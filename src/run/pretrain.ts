import type { EncodedRows } from "../data/rows.ts";
import { readTensor } from "../io/safetensors.ts";
import type { BertClassifier } from "../model/bert.ts";
import { MaskedLm } from "../model/masked-lm.ts";
import { loadMaskedLmHead } from "../model/masked-lm-head.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { maskingVocabulary } from "../tokenize/masking-vocabulary.ts";
import type { RunControl } from "../train/control.ts";
import type { PretrainEvent } from "../train/events.ts";
import { Pretraining } from "../train/pretraining.ts";
import type { Rates } from "../train/trainable.ts";
import type { OpenedModel } from "./open-model.ts";

/** What continued pretraining takes of a run's input. */
export interface PretrainInput {
  opened: OpenedModel;
  recipe: Recipe;
  train: EncodedRows;
  validation: EncodedRows;
  pretrainTexts?: EncodedRows;
  maxSteps?: number;
}

/** Dropout rates of a checkpoint's config. */
export function ratesOf({ config }: OpenedModel): Rates {
  const { hiddenDropout: hidden, attentionDropout: attention, classifierDropout: classifier } = config;
  return { hidden, attention, classifier };
}

/**
 * Trains the classifier's encoder as a masked language model, in place; the head is the checkpoint's or a new one, and
 * gone afterwards. Throws a Problem when the tokenizer has no mask token, when there is nothing to mask, and when the
 * training diverges.
 */
export async function* pretrain(
  classifier: BertClassifier,
  { opened, recipe, train, validation, pretrainTexts, maxSteps }: PretrainInput,
  control: RunControl,
): AsyncGenerator<PretrainEvent> {
  const { config, files, tokenizer } = opened;
  const vocabulary = maskingVocabulary(tokenizer, config.vocabularySize);
  const source = { tensors: files.weights.tensors, read: (name: string) => readTensor(files.weights, name) };
  // At random there is no use for a head that was trained with other weights.
  const stored = recipe.start === "random" ? { ...source, tensors: new Map() } : source;
  const encoder = classifier.parameters.filter(({ level }) => level <= config.layers);
  const model = new MaskedLm(config, encoder, await loadMaskedLmHead(config, stored, recipe.seed));
  try {
    const data = {
      train: pretrainTexts ?? train,
      heldOut: validation,
      vocabulary,
      rates: ratesOf(opened),
      ...(maxSteps !== undefined && { maxSteps }),
    };
    yield* new Pretraining(model, data, recipe, control).events();
  } finally {
    model.disposeHead();
  }
}
