import * as v from "valibot";
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
import type { ParameterNames } from "../../model/names.ts";

const schema = v.object({
  vocab_size: count,
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

const predictions = "cls.predictions";

const names: ParameterNames = {
  base: "bert.",
  embeddings: {
    word: "bert.embeddings.word_embeddings",
    position: "bert.embeddings.position_embeddings",
    type: "bert.embeddings.token_type_embeddings",
    norm: "bert.embeddings.LayerNorm",
  },
  layer: bertLayer("bert."),
  finalNorm: null,
  pooler: "bert.pooler.dense",
  classifier: "classifier",
  languageHead: {
    dense: `${predictions}.transform.dense`,
    norm: `${predictions}.transform.LayerNorm`,
    bias: `${predictions}.bias`,
    // Some files have only the decoder's own bias.
    canonical: (stored) => modernName(stored).replace(`${predictions}.decoder.bias`, `${predictions}.bias`),
  },
  canonical: (stored) => canonicalName(stored, "bert.", ["embeddings", "encoder", "pooler"], ["classifier"]),
};

const heads = [
  "SequenceClassification",
  "TokenClassification",
  "MultipleChoice",
  "QuestionAnswering",
  "MaskedLM",
  "PreTraining",
  "NextSentencePrediction",
];

/** BERT (Devlin et al. 2019), with everything that has its form: MiniLM, multilingual and many domain models. */
export const bert: Family = {
  type: "bert",
  label: "BERT",
  examples: "bert-base-uncased, a MiniLM or a multilingual BERT",
  rates: { base: 3e-5, large: 2e-5, source: "Devlin et al. 2019" },
  classes: {
    encoder: "BertModel",
    classifier: "BertForSequenceClassification",
    others: ["BertLMHeadModel", ...heads.map((head) => `BertFor${head}`)],
  },
  tokenizerClass: "BertTokenizer",
  claims: (file, architecture) => (architecture === null ? "hidden_size" in file : architecture.startsWith("Bert")),
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
      activation: fields.hidden_act,
      layerForm: "post-norm",
      layerNormEpsilon: fields.layer_norm_eps,
      hiddenDropout: fields.hidden_dropout_prob,
      attentionDropout: fields.attention_probs_dropout_prob,
      classifierDropout: fields.classifier_dropout ?? fields.hidden_dropout_prob,
      dropsAttentionOutput: true,
      head: [
        { part: "pooler", dropsInput: false, activation: "tanh" },
        { part: "classifier", dropsInput: true, activation: "none" },
      ],
      initializerRange: fields.initializer_range,
      pooling: poolingOf(fields.tabtune),
    };
  },
  names,
  heads: { languageModel: "cls.predictions.", nextSentence: "cls.seq_relationship.", questionAnswering: "qa_outputs." },
  isBuffer: (name) => isPositionIds(name) || name.startsWith("cls."),
  trainsBesideLowRank: ["classifier"],
  adapter: {
    targets: bertTargets,
    pooler: "pooler",
    classifier: "classifier",
  },
};
