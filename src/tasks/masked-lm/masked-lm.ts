import type { MaskingVocabulary } from "../../data/masking-vocabulary.ts";
import { drawnLabels } from "../../metrics/softmax.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { CrossEntropy } from "../cross-entropy.ts";
import type { TextTask } from "../task.ts";
import { maskableRows, maskedBatch, mostPlaces } from "./masking.ts";
import { maskedLm, type MaskedLmReport } from "./metrics.ts";

/** Masked language modelling (Devlin et al. 2019): softmax over the vocabulary at each masked place. */
export function trainedMaskedLm(
  vocabulary: MaskingVocabulary,
  { maskShare: share, wholeWordMasking: wholeWords, seed }: Pick<Recipe, "maskShare" | "wholeWordMasking" | "seed">,
): TextTask<MaskedLmReport> {
  const masking = { share, wholeWords, seed };
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
    usable: (texts) => ({ ...maskableRows(texts, vocabulary), labels: new Int32Array(0) }),
    placesOf: (texts, row) => mostPlaces(texts, row, vocabulary, masking),
  };
}
