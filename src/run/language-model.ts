import { readTensor } from "../io/safetensors.ts";
import type { Classifier } from "../model/classifier.ts";
import { loadMaskedLmHead } from "../model/masked-lm-head.ts";
import { MaskedLm } from "../model/masked-lm.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { LoadableModel } from "./open-model.ts";

/**
 * The classifier's encoder, the same weights, under the head of a masked language model: the checkpoint's, or a new one
 * where it has none or its weights are not read. The head is given back by `disposeHead` and never leaves the run.
 */
export async function languageModelOf(
  classifier: Classifier,
  { config, files }: LoadableModel,
  { start, seed }: Recipe,
): Promise<MaskedLm> {
  const source = { tensors: files.weights.tensors, read: (name: string) => readTensor(files.weights, name) };
  // At random there is no use for a head that was trained with other weights.
  const stored = start === "random" ? { ...source, tensors: new Map() } : source;
  const encoder = classifier.parameters.filter(({ ofHead }) => !ofHead);
  return new MaskedLm(config, encoder, await loadMaskedLmHead(config, stored, seed), classifier.lowRank);
}
