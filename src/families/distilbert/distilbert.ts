import * as v from "valibot";
import { pair, type ParameterNames } from "../../model/names.ts";
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
import type { Family } from "../family.ts";
import { canonicalName, isPositionIds, modernName } from "../spelling.ts";

const schema = v.object({
  vocab_size: count,
  dim: count,
  n_layers: layerCount,
  n_heads: count,
  hidden_dim: count,
  max_position_embeddings: count,
  activation: v.optional(activation, "gelu"),
  dropout: v.optional(rate, 0.1),
  attention_dropout: v.optional(rate, 0.1),
  seq_classif_dropout: v.optional(rate, 0.2),
  initializer_range: v.optional(v.number(), 0.02),
  tabtune,
});

const names: ParameterNames = {
  base: "distilbert.",
  embeddings: {
    word: "distilbert.embeddings.word_embeddings",
    position: "distilbert.embeddings.position_embeddings",
    type: null,
    norm: "distilbert.embeddings.LayerNorm",
  },
  layer(index) {
    const prefix = `distilbert.transformer.layer.${index}`;
    return {
      query: `${prefix}.attention.q_lin`,
      key: `${prefix}.attention.k_lin`,
      value: `${prefix}.attention.v_lin`,
      attentionOutput: `${prefix}.attention.out_lin`,
      attentionNorm: `${prefix}.sa_layer_norm`,
      intermediate: `${prefix}.ffn.lin1`,
      output: `${prefix}.ffn.lin2`,
      outputNorm: `${prefix}.output_layer_norm`,
    };
  },
  finalNorm: null,
  pooler: "pre_classifier",
  classifier: "classifier",
  languageHead: {
    dense: "vocab_transform",
    norm: "vocab_layer_norm",
    bias: pair("vocab_projector").bias,
    canonical: modernName,
  },
  canonical: (stored) =>
    canonicalName(stored, "distilbert.", ["embeddings", "transformer"], ["pre_classifier", "classifier"]),
};

/** transformers has LayerNorm's epsilon in the code: config.json has no field for it. */
const EPSILON = 1e-12;

/** DistilBERT (Sanh et al. 2019): BERT's layers without segment types, and with another head. */
export const distilbert: Family = {
  type: "distilbert",
  label: "DistilBERT",
  examples: "distilbert-base-uncased",
  rates: { base: 3e-5, large: 2e-5, source: "Devlin et al. 2019, as for BERT" },
  classes: {
    encoder: "DistilBertModel",
    classifier: "DistilBertForSequenceClassification",
    others: ["MaskedLM", "TokenClassification", "QuestionAnswering", "MultipleChoice"].map(
      (head) => `DistilBertFor${head}`,
    ),
  },
  tokenizerClass: "DistilBertTokenizer",
  claims: (file, architecture) =>
    architecture === null ? "dim" in file && "hidden_dim" in file : architecture.startsWith("DistilBert"),
  readConfig(file) {
    const fields = readFields(schema, file);
    checkHeadSize(fields.dim, fields.n_heads);
    return {
      vocabularySize: fields.vocab_size,
      hiddenSize: fields.dim,
      layers: fields.n_layers,
      heads: fields.n_heads,
      intermediateSize: fields.hidden_dim,
      maxPositions: fields.max_position_embeddings,
      typeVocabularySize: 0,
      activation: fields.activation,
      layerForm: "post-norm",
      layerNormEpsilon: EPSILON,
      hiddenDropout: fields.dropout,
      attentionDropout: fields.attention_dropout,
      classifierDropout: fields.seq_classif_dropout,
      dropsAttentionOutput: false,
      head: [
        { part: "pooler", dropsInput: false, activation: "relu" },
        { part: "classifier", dropsInput: true, activation: "none" },
      ],
      initializerRange: fields.initializer_range,
      pooling: poolingOf(fields.tabtune),
    };
  },
  names,
  heads: { languageModel: "vocab_", nextSentence: null, questionAnswering: "qa_outputs." },
  tokenHead: { dropout: "hidden" },
  isBuffer: isPositionIds,
  // PEFT takes the pooler for a classifier: its name "pre_classifier" ends so.
  trainsBesideLowRank: ["pooler", "classifier"],
  adapter: {
    targets(target) {
      const modules = {
        query: "q_lin",
        key: "k_lin",
        value: "v_lin",
        attentionOutput: "out_lin",
        intermediate: "ffn.lin1",
        output: "ffn.lin2",
      };
      return [modules[target]];
    },
    pooler: "pre_classifier",
    classifier: "classifier",
  },
};
