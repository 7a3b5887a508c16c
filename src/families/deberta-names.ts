import { pair, type ParameterNames } from "../model/names.ts";
import { canonicalName, isPositionIds, modernName } from "./spelling.ts";

const predictions = "cls.predictions";

/** What all DeBERTas call their parameters, but for those of a layer's attention. */
export const debertaNames: Omit<ParameterNames, "layer" | "relativePositions"> = {
  base: "deberta.",
  embeddings: {
    word: "deberta.embeddings.word_embeddings",
    position: null,
    type: null,
    norm: "deberta.embeddings.LayerNorm",
  },
  finalNorm: null,
  pooler: "pooler.dense",
  classifier: "classifier",
  languageHead: {
    dense: `${predictions}.transform.dense`,
    norm: `${predictions}.transform.LayerNorm`,
    bias: pair(predictions).bias,
    // Some files have only the decoder's own bias.
    canonical: (stored) => modernName(stored).replace(`${predictions}.decoder.bias`, pair(predictions).bias),
  },
  canonical: (stored) => canonicalName(stored, "deberta.", ["embeddings", "encoder"], ["pooler.dense", "classifier"]),
};

/** The modules of a layer behind its projections. */
export function behindAttention(prefix: string) {
  return {
    attentionOutput: `${prefix}.attention.output.dense`,
    attentionNorm: `${prefix}.attention.output.LayerNorm`,
    intermediate: `${prefix}.intermediate.dense`,
    output: `${prefix}.output.dense`,
    outputNorm: `${prefix}.output.LayerNorm`,
  };
}

/** Prefixes of the tensors of other heads. */
export const debertaHeads = { languageModel: `${predictions}.`, nextSentence: null, questionAnswering: "qa_outputs." };

/** Files of the first releases have heads of pretraining that no class of transformers reads. */
export const isLeftAside = (stored: string): boolean =>
  isPositionIds(stored) || /^(lm_predictions|mask_predictions)\./.test(stored);

/** Classes of transformers beside those of encoder and classifier. */
export const otherHeads = ["MaskedLM", "TokenClassification", "QuestionAnswering"];
