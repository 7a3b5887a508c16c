import type { TextVocabulary } from "../../data/text-vocabulary.ts";
import { windowsAsTexts } from "../../data/windows.ts";
import { drawnLabels } from "../../metrics/softmax.ts";
import { Problem } from "../../problem/problem.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { CrossEntropy } from "../cross-entropy.ts";
import type { TextTask } from "../task.ts";
import { maskableRows, maskedBatch, mostPlaces, type MaskingVocabulary } from "./masking.ts";
import { maskedLm, type MaskedLmReport } from "./metrics.ts";

/**
 * Masked language modelling (Devlin et al. 2019): softmax over the vocabulary at each masked place. Throws a Problem
 * where the vocabulary has no token to mask with.
 */
export function trainedMaskedLm(
  known: TextVocabulary,
  { maskShare: share, wholeWordMasking: wholeWords, seed }: Pick<Recipe, "maskShare" | "wholeWordMasking" | "seed">,
): TextTask<MaskedLmReport> {
  const masking = { share, wholeWords, seed };
  const vocabulary = withMask(known);
  const words = vocabulary.special.length;
  return {
    ...maskedLm,
    outputs: () => words,
    lossOf: () => CrossEntropy.unweighted(words),
    plainLoss: () => CrossEntropy.unweighted(words),
    drawnLabels,
    batchOf: (data, rows, round) => maskedBatch(data, rows, vocabulary, masking, round),
    scoring: {
      reads: "loss",
      report: ({ mean: loss, labels: masked, rows }) => ({
        ...{ rows, masked, loss },
        perplexity: Math.exp(loss),
        guessing: Math.log(words),
      }),
    },
    usable: (texts) => ({ ...maskableRows(windowsAsTexts(texts), vocabulary), labels: new Int32Array(0) }),
    placesOf: (texts, row) => mostPlaces(texts, row, vocabulary, masking),
    hidden: "masked tokens",
    hideFewer: "Lower the max length or the share of masked tokens",
  };
}

/**
 * The task on an outline, which computes nothing: each token of a text is masked but the special ones.
 *
 * @param words size of the vocabulary
 * @param special the one id that is special
 */
export function outlineMaskedLm(words: number, special: number, { seed }: Pick<Recipe, "seed">): TextTask {
  const flags = new Uint8Array(words);
  flags[special] = 1;
  const vocabulary = { maskToken: "", maskId: special, special: flags, continuation: new Uint8Array(words) };
  return trainedMaskedLm(vocabulary, { maskShare: 1, wholeWordMasking: false, seed });
}

function withMask({ maskToken, maskId, ...vocabulary }: TextVocabulary): MaskingVocabulary {
  if (maskId !== null) return { ...vocabulary, maskId };
  throw new Problem({
    found: `The tokenizer has no token ${maskToken}.`,
    expected: "A masked language model hides tokens behind a mask token that the vocabulary has.",
    remedy:
      "Set epochs of pretraining to 0 and leave an earlier corpus out, or take a checkpoint with its own tokenizer.",
  });
}
