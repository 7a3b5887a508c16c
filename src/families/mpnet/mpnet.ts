import * as v from "valibot";
import type { LowRankTarget } from "../../model/low-rank.ts";
import type { ParameterNames } from "../../model/names.ts";
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
import type { Family } from "../family.ts";
import { canonicalName, isPositionIds, modernName } from "../spelling.ts";
import { angled } from "../vocabulary-forms.ts";
import { bucketOf, BUCKETS } from "./buckets.ts";

const schema = v.object({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: layerCount,
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: count,
  hidden_act: v.optional(activation, "gelu"),
  layer_norm_eps: v.optional(v.number(), 1e-12),
  // The table's rows; transformers puts distances into the first 32, whatever stands here.
  relative_attention_num_buckets: v.optional(v.pipe(count, v.minValue(BUCKETS)), BUCKETS),
  hidden_dropout_prob: v.optional(rate, 0.1),
  attention_probs_dropout_prob: v.optional(rate, 0.1),
  initializer_range: v.optional(v.number(), 0.02),
  tabtune,
});

/** Positions are counted from the number after it; fixed in transformers' code. */
const PADDING = 1;

const names: ParameterNames = {
  base: "mpnet.",
  embeddings: {
    word: "mpnet.embeddings.word_embeddings",
    position: "mpnet.embeddings.position_embeddings",
    type: null,
    norm: "mpnet.embeddings.LayerNorm",
  },
  relativeBias: "mpnet.encoder.relative_attention_bias",
  layer(index) {
    const prefix = `mpnet.encoder.layer.${index}`;
    return {
      query: `${prefix}.attention.attn.q`,
      key: `${prefix}.attention.attn.k`,
      value: `${prefix}.attention.attn.v`,
      attentionOutput: `${prefix}.attention.attn.o`,
      attentionNorm: `${prefix}.attention.LayerNorm`,
      intermediate: `${prefix}.intermediate.dense`,
      output: `${prefix}.output.dense`,
      outputNorm: `${prefix}.output.LayerNorm`,
    };
  },
  finalNorm: null,
  // The pooler of the encoder, mpnet.pooler, is not what the classifier reads.
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
    canonicalName(stored, "mpnet.", ["embeddings", "encoder"], ["classifier.dense", "classifier.out_proj"]),
};

const heads = ["MaskedLM", "TokenClassification", "QuestionAnswering", "MultipleChoice"];

const targets: Record<LowRankTarget, string> = {
  query: "attn.q",
  key: "attn.k",
  value: "attn.v",
  attentionOutput: "attn.o",
  intermediate: "intermediate.dense",
  // PEFT takes what ends so: the output of attention is called otherwise.
  output: "output.dense",
};

/** MPNet (Song et al. 2020): BERT's layers, whose scores have one bias by distance in common. */
export const mpnet: Family = {
  type: "mpnet",
  label: "MPNet",
  examples: "all-mpnet-base-v2 or microsoft/mpnet-base",
  rates: { base: 3e-5, large: 2e-5, source: "Song et al. 2020" },
  classes: {
    encoder: "MPNetModel",
    classifier: "MPNetForSequenceClassification",
    others: heads.map((head) => `MPNetFor${head}`),
  },
  tokenizerClass: "PreTrainedTokenizerFast",
  // BERT's vocabulary behind four tokens of RoBERTa's; its own unknown token is BERT's.
  vocabulary: { ...angled, tokens: { ...angled.tokens, unk: "[UNK]" } },
  claims: (file, architecture) =>
    architecture === null ? "relative_attention_num_buckets" in file : architecture.startsWith("MPNet"),
  readConfig(file) {
    const fields = readFields(schema, file);
    checkHeadSize(fields.hidden_size, fields.num_attention_heads);
    return {
      vocabularySize: fields.vocab_size,
      hiddenSize: fields.hidden_size,
      layers: fields.num_hidden_layers,
      heads: fields.num_attention_heads,
      intermediateSize: fields.intermediate_size,
      maxPositions: mostTokensAfter(PADDING, fields.max_position_embeddings),
      paddingToken: PADDING,
      relativeBuckets: fields.relative_attention_num_buckets,
      bucketOf,
      typeVocabularySize: 0,
      activation: fields.hidden_act,
      layerForm: "post-norm",
      layerNormEpsilon: fields.layer_norm_eps,
      hiddenDropout: fields.hidden_dropout_prob,
      attentionDropout: fields.attention_probs_dropout_prob,
      classifierDropout: fields.hidden_dropout_prob,
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
  isBuffer: (stored) => isPositionIds(stored) || /^(mpnet\.)?pooler\./.test(stored),
  // One module holds both parts of the head, and PEFT trains it whole.
  trainsBesideLowRank: ["pooler", "classifier"],
  adapter: { targets: (target) => [targets[target]], pooler: "classifier", classifier: "classifier" },
};
