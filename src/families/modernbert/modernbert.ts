import * as v from "valibot";
import type { LowRankTarget } from "../../model/low-rank.ts";
import type { ParameterNames } from "../../model/names.ts";
import { activation, checkHeadSize, count, poolingOf, rate, readFields, tabtune } from "../config-fields.ts";
import type { Family } from "../family.ts";
import { canonicalName } from "../spelling.ts";
import { bracketed } from "../vocabulary-forms.ts";
import { attentionFields, checkEvenHeads, exportedFields, layerAttention } from "./attention-fields.ts";

const schema = v.object({
  vocab_size: count,
  hidden_size: count,
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: v.optional(count, 8192),
  hidden_activation: v.optional(activation, "gelu"),
  classifier_activation: v.optional(activation, "gelu"),
  classifier_pooling: v.optional(v.picklist(["cls", "mean"]), "cls"),
  norm_eps: v.optional(v.number(), 1e-5),
  embedding_dropout: v.optional(rate, 0),
  classifier_dropout: v.optional(rate, 0),
  initializer_range: v.optional(v.number(), 0.02),
  // What these checkpoints have in common; other values are models that compute something else.
  attention_dropout: v.optional(v.literal(0), 0),
  mlp_dropout: v.optional(v.literal(0), 0),
  norm_bias: v.optional(v.literal(false), false),
  attention_bias: v.optional(v.literal(false), false),
  mlp_bias: v.optional(v.literal(false), false),
  classifier_bias: v.optional(v.literal(false), false),
  decoder_bias: v.optional(v.literal(true), true),
  ...attentionFields,
  tabtune,
});

const names: ParameterNames = {
  base: "model.",
  lacksBias: (module) => module !== "classifier",
  embeddings: {
    word: "model.embeddings.tok_embeddings",
    position: null,
    type: null,
    norm: "model.embeddings.norm",
  },
  layer(index) {
    const prefix = `model.layers.${index}`;
    const qkv = `${prefix}.attn.Wqkv`;
    return {
      qkv,
      query: qkv,
      key: qkv,
      value: qkv,
      attentionOutput: `${prefix}.attn.Wo`,
      // What the first layer reads is normed with the embeddings.
      attentionNorm: index === 0 ? null : `${prefix}.attn_norm`,
      intermediate: `${prefix}.mlp.Wi`,
      output: `${prefix}.mlp.Wo`,
      outputNorm: `${prefix}.mlp_norm`,
    };
  },
  finalNorm: "model.final_norm",
  // Both heads begin with these two: that of a masked language model is loaded into a classifier's.
  pooler: "head.dense",
  poolerNorm: "head.norm",
  classifier: "classifier",
  languageHead: { dense: "head.dense", norm: "head.norm", bias: "decoder.bias", canonical: (stored) => stored },
  canonical: (stored) =>
    canonicalName(stored, "model.", ["embeddings", "layers", "final_norm"], ["head.dense", "head.norm", "classifier"]),
};

const heads = ["MaskedLM", "TokenClassification", "QuestionAnswering", "MultipleChoice"];

const targets: Record<LowRankTarget, string> = {
  query: "attn.Wqkv",
  key: "attn.Wqkv",
  value: "attn.Wqkv",
  attentionOutput: "attn.Wo",
  intermediate: "mlp.Wi",
  output: "mlp.Wo",
};

/**
 * ModernBERT (Warner et al. 2024): pre-norm layers without biases, rotary positions, attention in windows in all but every
 * third layer, gated GELU, and rows of up to 8,192 tokens.
 */
export const modernbert: Family = {
  type: "modernbert",
  label: "ModernBERT",
  examples: "answerdotai/ModernBERT-base",
  rates: { base: 5e-5, large: 3e-5, source: "Warner et al. 2025" },
  classes: {
    encoder: "ModernBertModel",
    classifier: "ModernBertForSequenceClassification",
    others: heads.map((head) => `ModernBertFor${head}`),
  },
  tokenizerClass: "PreTrainedTokenizerFast",
  vocabulary: { ...bracketed, secondType: 0, maskStripsLeft: true },
  claims: (file, architecture) =>
    architecture === null ? "global_attn_every_n_layers" in file : architecture.startsWith("ModernBert"),
  exportedFields: (file) => exportedFields(readFields(schema, file)),
  readConfig(file) {
    const fields = readFields(schema, file);
    checkHeadSize(fields.hidden_size, fields.num_attention_heads);
    checkEvenHeads(fields.hidden_size / fields.num_attention_heads);
    return {
      vocabularySize: fields.vocab_size,
      hiddenSize: fields.hidden_size,
      layers: fields.num_hidden_layers,
      heads: fields.num_attention_heads,
      intermediateSize: fields.intermediate_size,
      maxPositions: fields.max_position_embeddings,
      typeVocabularySize: 0,
      activation: fields.hidden_activation,
      layerForm: "pre-norm",
      layerAttention: layerAttention(fields),
      isGated: true,
      layerNormEpsilon: fields.norm_eps,
      hiddenDropout: fields.embedding_dropout,
      attentionDropout: 0,
      classifierDropout: fields.classifier_dropout,
      // The embeddings alone drop by this rate.
      dropsAttentionOutput: false,
      dropsFeedForwardOutput: false,
      head: [
        { part: "pooler", dropsInput: false, activation: fields.classifier_activation, isNormed: true },
        { part: "classifier", dropsInput: true, activation: "none" },
      ],
      headPooling: fields.classifier_pooling,
      languageActivation: fields.classifier_activation,
      initializerRange: fields.initializer_range,
      pooling: poolingOf(fields.tabtune),
    };
  },
  names,
  heads: { languageModel: "decoder.", nextSentence: null, questionAnswering: "qa_outputs." },
  tokenHead: { readsThroughHead: true },
  isBuffer: () => false,
  // PEFT trains the classifier alone beside its matrices, as with BERT.
  trainsBesideLowRank: ["classifier"],
  adapter: { targets: (target) => [targets[target]], pooler: "head", classifier: "classifier" },
};
