import * as v from "valibot";
import type { ParameterNames } from "../../model/names.ts";
import { Problem } from "../../problem/problem.ts";
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
import { bracketed, runsOfSpaces } from "../vocabulary-forms.ts";

const schema = v.object({
  vocab_size: count,
  embedding_size: v.optional(count, 128),
  hidden_size: count,
  num_hidden_layers: layerCount,
  num_hidden_groups: v.optional(count, 1),
  // Layers of several inner layers: no published checkpoint has them.
  inner_group_num: v.optional(v.literal(1), 1),
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: count,
  type_vocab_size: v.optional(count, 2),
  hidden_act: v.optional(activation, "gelu_new"),
  layer_norm_eps: v.optional(v.number(), 1e-12),
  hidden_dropout_prob: v.optional(rate, 0),
  attention_probs_dropout_prob: v.optional(rate, 0),
  classifier_dropout_prob: v.optional(rate, 0.1),
  initializer_range: v.optional(v.number(), 0.02),
  position_embedding_type: v.optional(v.literal("absolute"), "absolute"),
  tabtune,
});

const names: ParameterNames = {
  base: "albert.",
  embeddings: {
    word: "albert.embeddings.word_embeddings",
    position: "albert.embeddings.position_embeddings",
    type: "albert.embeddings.token_type_embeddings",
    norm: "albert.embeddings.LayerNorm",
    projection: "albert.encoder.embedding_hidden_mapping_in",
  },
  layer(index) {
    const prefix = `albert.encoder.albert_layer_groups.${index}.albert_layers.0`;
    return {
      query: `${prefix}.attention.query`,
      key: `${prefix}.attention.key`,
      value: `${prefix}.attention.value`,
      attentionOutput: `${prefix}.attention.dense`,
      attentionNorm: `${prefix}.attention.LayerNorm`,
      intermediate: `${prefix}.ffn`,
      output: `${prefix}.ffn_output`,
      outputNorm: `${prefix}.full_layer_layer_norm`,
    };
  },
  finalNorm: null,
  pooler: "albert.pooler",
  classifier: "classifier",
  languageHead: {
    dense: "predictions.dense",
    norm: "predictions.LayerNorm",
    bias: "predictions.bias",
    // Some files have only the decoder's own bias.
    canonical: (stored) => modernName(stored).replace("predictions.decoder.bias", "predictions.bias"),
  },
  canonical: (stored) => canonicalName(stored, "albert.", ["embeddings", "encoder", "pooler"], ["classifier"]),
};

const heads = [
  "PreTraining",
  "MaskedLM",
  "SequenceClassification",
  "TokenClassification",
  "MultipleChoice",
  "QuestionAnswering",
];

/** ALBERT (Lan et al. 2020): layers that share their weights, and embeddings narrower than the layers. */
export const albert: Family = {
  type: "albert",
  label: "ALBERT",
  examples: "albert-base-v2",
  rates: { base: 2e-5, large: 1e-5, source: "Lan et al. 2020" },
  classes: {
    encoder: "AlbertModel",
    classifier: "AlbertForSequenceClassification",
    others: heads.map((head) => `AlbertFor${head}`),
  },
  tokenizerClass: "PreTrainedTokenizerFast",
  vocabulary: {
    ...bracketed,
    tokens: { ...bracketed.tokens, unk: "<unk>", pad: "<pad>" },
    maskStripsLeft: true,
    sentencePiece: {
      // Pieces such as "9," are as good as never used, so that a comma after a digit is a piece of its own.
      pieces: (file) => file.map(([piece, score]) => [piece, /\p{Nd},$/u.test(piece) ? score - 100 : score]),
      unknownId: null,
      normalizers: (charsmap, { do_lower_case: lowers, keep_accents: keepsAccents }) => [
        { type: "Replace", pattern: { String: "``" }, content: '"' },
        { type: "Replace", pattern: { String: "''" }, content: '"' },
        ...(keepsAccents === true ? [] : [{ type: "NFKD" }, { type: "StripAccents" }]),
        ...(lowers === false ? [] : [{ type: "Lowercase" }]),
        ...charsmap,
        runsOfSpaces(" "),
      ],
      furtherSpecials: [],
    },
  },
  claims: (file, architecture) =>
    architecture === null ? "num_hidden_groups" in file : architecture.startsWith("Albert"),
  readConfig(file) {
    const fields = readFields(schema, file);
    const { num_hidden_layers: layers, num_hidden_groups: layerGroups } = fields;
    checkHeadSize(fields.hidden_size, fields.num_attention_heads);
    checkGroups(layerGroups, layers);
    return {
      vocabularySize: fields.vocab_size,
      hiddenSize: fields.hidden_size,
      layers,
      layerGroups,
      heads: fields.num_attention_heads,
      intermediateSize: fields.intermediate_size,
      maxPositions: fields.max_position_embeddings,
      typeVocabularySize: fields.type_vocab_size,
      embeddingSize: fields.embedding_size,
      activation: fields.hidden_act,
      layerForm: "post-norm",
      layerNormEpsilon: fields.layer_norm_eps,
      hiddenDropout: fields.hidden_dropout_prob,
      attentionDropout: fields.attention_probs_dropout_prob,
      classifierDropout: fields.classifier_dropout_prob,
      dropsAttentionOutput: true,
      dropsFeedForwardOutput: false,
      head: [
        { part: "pooler", dropsInput: false, activation: "tanh" },
        { part: "classifier", dropsInput: true, activation: "none" },
      ],
      initializerRange: fields.initializer_range,
      pooling: poolingOf(fields.tabtune),
    };
  },
  names,
  heads: { languageModel: "predictions.", nextSentence: "sop_classifier.", questionAnswering: "qa_outputs." },
  isBuffer: isPositionIds,
  trainsBesideLowRank: ["classifier"],
  adapter: {
    targets(target) {
      const modules = {
        query: "query",
        key: "key",
        value: "value",
        attentionOutput: "attention.dense",
        intermediate: "ffn",
        output: "ffn_output",
      };
      return [modules[target]];
    },
    pooler: "pooler",
    classifier: "classifier",
  },
};

/** Throws a Problem for more sets of weights than layers: some would never be used. */
function checkGroups(groups: number, layers: number): void {
  if (groups <= layers) return;
  throw new Problem({
    found: `config.json has num_hidden_groups = ${groups} and num_hidden_layers = ${layers}.`,
    expected: "Each group of layers was expected to have one at least.",
    remedy: "Take the config.json that belongs to this checkpoint, unchanged.",
  });
}
