import { familyOfType } from "../families/registry.ts";
import { readTensor } from "../io/safetensors.ts";
import type { Classifier } from "../model/classifier.ts";
import { hasLanguageHead, loadLanguageHead } from "../model/language-head.ts";
import { LanguageModel } from "../model/language-model.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TextTask } from "../tasks/task.ts";
import { trainedTextTask } from "../tasks/trained-tasks.ts";
import { textVocabulary } from "../tokenize/text-vocabulary.ts";
import type { LoadableModel, OpenedModel } from "./open-model.ts";

/**
 * The classifier's encoder, the same weights, under the head of a masked language model: the checkpoint's, or a new one
 * where it has none or its weights are not read. The head is given back by `disposeHead` and never leaves the run.
 */
export async function languageModelOf(
  classifier: Classifier,
  { config, files }: LoadableModel,
  { start, seed }: Recipe,
): Promise<LanguageModel> {
  const source = { tensors: files.weights.tensors, read: (name: string) => readTensor(files.weights, name) };
  // At random there is no use for a head that was trained with other weights.
  const stored = start === "random" ? { ...source, tensors: new Map() } : source;
  const encoder = classifier.parameters.filter(({ ofHead }) => !ofHead);
  return new LanguageModel(config, encoder, await loadLanguageHead(config, stored, seed), classifier.lowRank);
}

/** The task of texts over a checkpoint's vocabulary. Throws a Problem where it cannot be asked for hidden words. */
export function textTaskOf(
  { tokenizer, config, files }: LoadableModel & Pick<OpenedModel, "tokenizer">,
  recipe: Recipe,
): TextTask {
  if (config.makesLanguageHead === false && !hasLanguageHead(config, files.weights)) {
    throw new Problem({
      found: `This ${familyOfType(config.family).label} checkpoint has no head that predicts words.`,
      expected: "Predicting hidden words needs one here, since the model was not trained for that.",
      remedy:
        "Set epochs of pretraining to 0 and leave an earlier corpus out, or take a checkpoint with such a head (a generator).",
    });
  }
  return trainedTextTask(textVocabulary(tokenizer, config.vocabularySize), recipe);
}
