import * as v from "valibot";
import type { ParameterNames } from "../../model/names.ts";
import {
  activation,
  checkHeadSize,
  count,
  layerCount,
  poolingOf,
  rate,
  readFields,
  tabtune,
} from "../config-fields.ts";
import { bertLayer, bertTargets } from "../bert-layers.ts";
import type { Family } from "../family.ts";
import { canonicalName, isPositionIds, modernName } from "../spelling.ts";

const schema = v.object({
  vocab_size: count,
  embedding_size: v.optional(count, 128),
  hidden_size: count,
  num_hidden_layers: layerCount,
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: count,
  type_vocab_size: v.optional(count, 2),
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
  base: "electra.",
  embeddings: {
    word: "electra.embeddings.word_embeddings",
    position: "electra.embeddings.position_embeddings",
    type: "electra.embeddings.token_type_embeddings",
    norm: "electra.embeddings.LayerNorm",
    projection: "electra.embeddings_project",
  },
  layer: bertLayer("electra."),
  finalNorm: null,
  pooler: "classifier.dense",
  classifier: "classifier.out_proj",
  languageHead: {
    dense: "generator_predictions.dense",
    norm: "generator_predictions.LayerNorm",
    bias: "generator_lm_head.bias",
    canonical: modernName,
  },
  canonical: (stored) =>
    canonicalName(
      stored,
      "electra.",
      ["embeddings", "embeddings_project", "encoder"],
      ["classifier.dense", "classifier.out_proj"],
    ),
};

const heads = [
  "PreTraining",
  "MaskedLM",
  "CausalLM",
  "SequenceClassification",
  "TokenClassification",
  "MultipleChoice",
  "QuestionAnswering",
];

/** The parts of discriminators that find replaced words, and the summary that a multiple choice reads. */
const UNUSED = /^(discriminator_predictions|sequence_summary)\./;

/** ELECTRA (Clark et al. 2020): BERT's layers, embeddings that may be narrower, and RoBERTa's head with GELU. */
export const electra: Family = {
  type: "electra",
  label: "ELECTRA",
  examples: "google/electra-small-discriminator",
  rates: {
    base: 5e-5,
    large: 3e-5,
    source: "Clark et al. 2020, the lower rates of their search, since none decays by layer here",
  },
  classes: {
    encoder: "ElectraModel",
    classifier: "ElectraForSequenceClassification",
    others: heads.map((head) => `ElectraFor${head}`),
  },
  tokenizerClass: "PreTrainedTokenizerFast",
  claims: (file, architecture) =>
    architecture === null
      ? "embedding_size" in file && !("num_hidden_groups" in file)
      : architecture.startsWith("Electra"),
  readConfig(file) {
    const fields = readFields(schema, file);
    checkHeadSize(fields.hidden_size, fields.num_attention_heads);
    return {
      vocabularySize: fields.vocab_size,
      hiddenSize: fields.hidden_size,
      layers: fields.num_hidden_layers,
      heads: fields.num_attention_heads,
      intermediateSize: fields.intermediate_size,
      maxPositions: fields.max_position_embeddings,
      typeVocabularySize: fields.type_vocab_size,
      // Where the sizes are equal there is no layer between.
      ...(fields.embedding_size !== fields.hidden_size && { embeddingSize: fields.embedding_size }),
      activation: fields.hidden_act,
      layerForm: "post-norm",
      layerNormEpsilon: fields.layer_norm_eps,
      hiddenDropout: fields.hidden_dropout_prob,
      attentionDropout: fields.attention_probs_dropout_prob,
      classifierDropout: fields.classifier_dropout ?? fields.hidden_dropout_prob,
      dropsAttentionOutput: true,
      head: [
        { part: "pooler", dropsInput: true, activation: "gelu" },
        { part: "classifier", dropsInput: true, activation: "none" },
      ],
      // Fixed in transformers, whatever the layers have.
      languageActivation: "gelu",
      // Discriminators tell replaced words from others; only generators predict words.
      makesLanguageHead: false,
      initializerRange: fields.initializer_range,
      pooling: poolingOf(fields.tabtune),
    };
  },
  names,
  heads: { languageModel: "generator_", nextSentence: null, questionAnswering: "qa_outputs." },
  tokenHead: { classifier: "classifier" },
  isBuffer: (stored) => isPositionIds(stored) || UNUSED.test(stored),
  // One module holds both parts of the head, and PEFT trains it whole.
  trainsBesideLowRank: ["pooler", "classifier"],
  adapter: {
    targets: bertTargets,
    pooler: "classifier",
    classifier: "classifier",
  },
};
