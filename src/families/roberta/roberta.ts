import * as v from "valibot";
import type { ParameterNames } from "../../model/names.ts";
import type { VocabularyForm } from "../../tokenize/from-vocabulary/vocabulary-form.ts";
import {
  activation,
  checkHeadSize,
  count,
  layerCount,
  mostTokensAfter,
  poolingOf,
  rate,
  readFields,
  tabtune,
} from "../config-fields.ts";
import { bertLayer, bertTargets } from "../bert-layers.ts";
import type { ConfigFile, Family } from "../family.ts";
import { canonicalName, isPositionIds, modernName } from "../spelling.ts";
import { angled, stripsRight } from "../vocabulary-forms.ts";

const schema = v.object({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: layerCount,
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: count,
  type_vocab_size: v.optional(count, 2),
  pad_token_id: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 1),
  hidden_act: v.optional(activation, "gelu"),
  layer_norm_eps: v.optional(v.number(), 1e-12),
  hidden_dropout_prob: v.optional(rate, 0.1),
  attention_probs_dropout_prob: v.optional(rate, 0.1),
  classifier_dropout: v.nullish(rate),
  initializer_range: v.optional(v.number(), 0.02),
  position_embedding_type: v.optional(v.literal("absolute"), "absolute"),
  is_decoder: v.optional(v.literal(false), false),
  tabtune,
});

const names: ParameterNames = {
  base: "roberta.",
  embeddings: {
    word: "roberta.embeddings.word_embeddings",
    position: "roberta.embeddings.position_embeddings",
    type: "roberta.embeddings.token_type_embeddings",
    norm: "roberta.embeddings.LayerNorm",
  },
  layer: bertLayer("roberta."),
  finalNorm: null,
  // The pooler of the encoder, roberta.pooler, is not what the classifier reads.
  pooler: "classifier.dense",
  classifier: "classifier.out_proj",
  languageHead: {
    dense: "lm_head.dense",
    norm: "lm_head.layer_norm",
    bias: "lm_head.bias",
    // Some files have only the decoder's own bias.
    canonical: (stored) => modernName(stored).replace("lm_head.decoder.bias", "lm_head.bias"),
  },
  canonical: (stored) =>
    canonicalName(stored, "roberta.", ["embeddings", "encoder"], ["classifier.dense", "classifier.out_proj"]),
};

const heads = ["SequenceClassification", "TokenClassification", "MultipleChoice", "QuestionAnswering", "MaskedLM"];

/** Whether a config.json has BERT's fields with one type of segments, and pads with token 1, as all of these do. */
function countsFromPadding({ type_vocab_size, pad_token_id }: ConfigFile): boolean {
  return type_vocab_size === 1 && pad_token_id === 1;
}

/** BERT's layers, with positions that count from the padding token and a head of its own; `name` begins its classes. */
function likeRoberta(
  name: string,
  { type, label, examples }: Pick<Family, "type" | "label" | "examples">,
  claims: Family["claims"],
  sentencePiece: VocabularyForm["sentencePiece"] = null,
): Family {
  return {
    type,
    label,
    examples,
    rates: { base: 2e-5, large: 1e-5, source: "Liu et al. 2019" },
    classes: {
      encoder: `${name}Model`,
      classifier: `${name}ForSequenceClassification`,
      others: [`${name}ForCausalLM`, ...heads.map((head) => `${name}For${head}`)],
    },
    tokenizerClass: "PreTrainedTokenizerFast",
    readsSegmentTypes: false,
    vocabulary: { ...angled, sentencePiece },
    claims,
    readConfig(file) {
      const fields = readFields(schema, file);
      checkHeadSize(fields.hidden_size, fields.num_attention_heads);
      return {
        vocabularySize: fields.vocab_size,
        hiddenSize: fields.hidden_size,
        layers: fields.num_hidden_layers,
        heads: fields.num_attention_heads,
        intermediateSize: fields.intermediate_size,
        maxPositions: mostTokensAfter(fields.pad_token_id, fields.max_position_embeddings),
        paddingToken: fields.pad_token_id,
        typeVocabularySize: fields.type_vocab_size,
        activation: fields.hidden_act,
        layerForm: "post-norm",
        layerNormEpsilon: fields.layer_norm_eps,
        hiddenDropout: fields.hidden_dropout_prob,
        attentionDropout: fields.attention_probs_dropout_prob,
        classifierDropout: fields.classifier_dropout ?? fields.hidden_dropout_prob,
        dropsAttentionOutput: true,
        head: [
          { part: "pooler", dropsInput: true, activation: "tanh" },
          { part: "classifier", dropsInput: true, activation: "none" },
        ],
        // Fixed in transformers, whatever the layers have.
        languageActivation: "gelu",
        initializerRange: fields.initializer_range,
        pooling: poolingOf(fields.tabtune),
      };
    },
    names,
    heads: { languageModel: "lm_head.", nextSentence: null, questionAnswering: "qa_outputs." },
    tokenHead: { classifier: "classifier" },
    isBuffer: (stored) => isPositionIds(stored) || /^(roberta\.)?pooler\./.test(stored),
    // One module holds both parts of the head, and PEFT trains it whole.
    trainsBesideLowRank: ["pooler", "classifier"],
    adapter: {
      targets: bertTargets,
      pooler: "classifier",
      classifier: "classifier",
    },
  };
}

/** RoBERTa (Liu et al. 2019). */
export const roberta: Family = likeRoberta(
  "Roberta",
  { type: "roberta", label: "RoBERTa", examples: "roberta-base or distilroberta-base" },
  (file, architecture) => (architecture === null ? countsFromPadding(file) : architecture.startsWith("Roberta")),
);

/** XLM-RoBERTa (Conneau et al. 2020): a hundred languages, 250,002 words. */
export const xlmRoberta: Family = likeRoberta(
  "XLMRoberta",
  { type: "xlm-roberta", label: "XLM-RoBERTa", examples: "xlm-roberta-base or a multilingual E5" },
  (_, architecture) => architecture !== null && architecture.startsWith("XLMRoberta"),
  {
    // The file's first three pieces are <unk>, <s> and </s>.
    pieces: (file) => [["<s>", 0], ["<pad>", 0], ["</s>", 0], ["<unk>", 0], ...file.slice(3), ["<mask>", 0]],
    unknownId: 3,
    normalizers: stripsRight,
    furtherSpecials: [],
  },
);

/** CamemBERT (Martin et al. 2020): French. */
export const camembert: Family = likeRoberta(
  "Camembert",
  { type: "camembert", label: "CamemBERT", examples: "camembert-base" },
  (_, architecture) => architecture !== null && architecture.startsWith("Camembert"),
  {
    // The file's own <unk>, its first piece, is never used.
    pieces: (file) => [
      ["<s>NOTUSED", 0],
      ["<pad>", 0],
      ["</s>NOTUSED", 0],
      ["<unk>", 0],
      ["<unk>NOTUSED", -100],
      ...file.slice(1),
      ["<mask>", 0],
    ],
    unknownId: 3,
    normalizers: stripsRight,
    furtherSpecials: ["<s>NOTUSED", "</s>NOTUSED"],
  },
);
