import * as v from "valibot";
import type { LowRankTarget } from "../../model/low-rank.ts";
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
import { positionProducts, positionTable, refuseOtherDropout } from "../deberta-fields.ts";
import type { Family } from "../family.ts";
import { canonicalName, isPositionIds, modernName } from "../spelling.ts";
import { bracketed, runsOfSpaces } from "../vocabulary-forms.ts";
import { rowOf, sideOf } from "./buckets.ts";

const schema = v.object({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: layerCount,
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: count,
  hidden_act: v.optional(activation, "gelu"),
  layer_norm_eps: v.optional(v.number(), 1e-7),
  hidden_dropout_prob: v.optional(rate, 0.1),
  attention_probs_dropout_prob: v.optional(rate, 0.1),
  pooler_dropout: v.optional(rate, 0),
  pooler_hidden_act: v.optional(activation, "gelu"),
  cls_dropout: v.nullish(rate),
  initializer_range: v.optional(v.number(), 0.02),
  position_buckets: v.optional(v.number(), -1),
  max_relative_positions: v.optional(v.number(), -1),
  pos_att_type: positionProducts,
  // What these checkpoints have in common; other values are models that compute something else.
  relative_attention: v.literal(true),
  share_att_key: v.literal(true),
  norm_rel_ebd: v.literal("layer_norm"),
  position_biased_input: v.literal(false),
  type_vocab_size: v.optional(v.literal(0), 0),
  conv_kernel_size: v.nullish(v.literal(0), 0),
  tabtune,
});

const predictions = "cls.predictions";

const names: ParameterNames = {
  base: "deberta.",
  embeddings: {
    word: "deberta.embeddings.word_embeddings",
    position: null,
    type: null,
    norm: "deberta.embeddings.LayerNorm",
  },
  // It is the norm of the table, and no final norm.
  relativePositions: { table: "deberta.encoder.rel_embeddings", norm: "deberta.encoder.LayerNorm" },
  layer(index) {
    const prefix = `deberta.encoder.layer.${index}`;
    return {
      query: `${prefix}.attention.self.query_proj`,
      key: `${prefix}.attention.self.key_proj`,
      value: `${prefix}.attention.self.value_proj`,
      attentionOutput: `${prefix}.attention.output.dense`,
      attentionNorm: `${prefix}.attention.output.LayerNorm`,
      intermediate: `${prefix}.intermediate.dense`,
      output: `${prefix}.output.dense`,
      outputNorm: `${prefix}.output.LayerNorm`,
    };
  },
  finalNorm: null,
  pooler: "pooler.dense",
  classifier: "classifier",
  languageHead: {
    dense: `${predictions}.transform.dense`,
    norm: `${predictions}.transform.LayerNorm`,
    bias: `${predictions}.bias`,
    // Some files have only the decoder's own bias.
    canonical: (stored) => modernName(stored).replace(`${predictions}.decoder.bias`, `${predictions}.bias`),
  },
  canonical: (stored) => canonicalName(stored, "deberta.", ["embeddings", "encoder"], ["pooler.dense", "classifier"]),
};

const heads = ["MaskedLM", "TokenClassification", "QuestionAnswering", "MultipleChoice"];

/** The modules of layers as PEFT's adapter_config.json names them. */
function targets(target: LowRankTarget, layers: number): string[] {
  switch (target) {
    case "query":
    case "key":
    case "value":
      return [`${target}_proj`];
    case "attentionOutput":
      return ["attention.output.dense"];
    case "intermediate":
      return ["intermediate.dense"];
    case "output":
      // "output.dense" alone would be the end of "attention.output.dense" too.
      return Array.from({ length: layers }, (_, layer) => `layer.${layer}.output.dense`);
  }
}

/** DeBERTa-v2 and v3 (He et al. 2021, 2023): BERT's layers, whose scores have products with positions by distance. */
export const debertaV2: Family = {
  type: "deberta-v2",
  label: "DeBERTa-v2 and v3",
  examples: "microsoft/deberta-v3-base or mdeberta-v3-base",
  classes: {
    encoder: "DebertaV2Model",
    classifier: "DebertaV2ForSequenceClassification",
    others: heads.map((head) => `DebertaV2For${head}`),
  },
  tokenizerClass: "PreTrainedTokenizerFast",
  vocabulary: {
    ...bracketed,
    sentencePiece: {
      pieces: (file) => [...file],
      unknownId: null,
      normalizers: (charsmap, { do_lower_case: lowers }) => [
        ...(lowers === true ? [{ type: "Lowercase" }] : []),
        { type: "Strip", strip_left: true, strip_right: true },
        ...charsmap,
        runsOfSpaces(" "),
      ],
      furtherSpecials: [],
    },
  },
  claims: (file, architecture) =>
    architecture === null ? "position_buckets" in file : architecture.startsWith("DebertaV2"),
  readConfig(file) {
    const fields = readFields(schema, file);
    checkHeadSize(fields.hidden_size, fields.num_attention_heads);
    const table = positionTable(fields);
    const classifierDropout = fields.cls_dropout ?? fields.hidden_dropout_prob;
    refuseOtherDropout(fields.pooler_dropout, classifierDropout);
    const products = fields.pos_att_type;
    const headSize = fields.hidden_size / fields.num_attention_heads;
    const summands = 1 + Number(products.contentToPosition) + Number(products.positionToContent);
    return {
      vocabularySize: fields.vocab_size,
      hiddenSize: fields.hidden_size,
      layers: fields.num_hidden_layers,
      heads: fields.num_attention_heads,
      intermediateSize: fields.intermediate_size,
      maxPositions: fields.max_position_embeddings,
      relativeBuckets: 2 * sideOf(table),
      bucketOf: (distance) => rowOf(distance, table),
      positionProducts: products,
      attentionScale: 1 / Math.sqrt(headSize * summands),
      typeVocabularySize: 0,
      activation: fields.hidden_act,
      layerForm: "post-norm",
      layerNormEpsilon: fields.layer_norm_eps,
      hiddenDropout: fields.hidden_dropout_prob,
      attentionDropout: fields.attention_probs_dropout_prob,
      classifierDropout,
      dropsAttentionOutput: true,
      head: [
        { part: "pooler", dropsInput: fields.pooler_dropout > 0, activation: fields.pooler_hidden_act },
        { part: "classifier", dropsInput: true, activation: "none" },
      ],
      initializerRange: fields.initializer_range,
      pooling: poolingOf(fields.tabtune),
    };
  },
  names,
  heads: { languageModel: `${predictions}.`, nextSentence: null, questionAnswering: "qa_outputs." },
  // Files of the first releases have heads of pretraining that no class of transformers reads.
  isBuffer: (stored) => isPositionIds(stored) || /^(lm_predictions|mask_predictions)\./.test(stored),
  // PEFT trains the classifier alone beside its matrices, as with BERT.
  trainsBesideLowRank: ["classifier"],
  adapter: { targets, pooler: "pooler.dense", classifier: "classifier" },
};
