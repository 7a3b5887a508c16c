import * as v from "valibot";
import {
  checkHeadSize,
  count,
  layerCount,
  poolingOf,
  rate,
  readFields,
  tabtune,
} from "../../../src/families/config-fields.ts";
import type { Family } from "../../../src/families/family.ts";
import { canonicalName } from "../../../src/families/spelling.ts";
import type { ParameterNames } from "../../../src/model/names.ts";

const schema = v.object({
  words: count,
  width: count,
  blocks: layerCount,
  attention_heads: count,
  inner_width: count,
  longest: count,
  norm_epsilon: v.number(),
  drop: rate,
  attention_drop: rate,
  head_drop: rate,
  initializer_range: v.number(),
  tabtune,
});

const names: ParameterNames = {
  base: "parsnip.",
  embeddings: { word: "parsnip.input.words", position: "parsnip.input.places", type: null, norm: null },
  layer(index) {
    const prefix = `parsnip.blocks.${index}`;
    return {
      query: `${prefix}.attention.to_q`,
      key: `${prefix}.attention.to_k`,
      value: `${prefix}.attention.to_v`,
      attentionOutput: `${prefix}.attention.merge`,
      attentionNorm: `${prefix}.first_norm`,
      intermediate: `${prefix}.widen`,
      output: `${prefix}.narrow`,
      outputNorm: `${prefix}.second_norm`,
    };
  },
  finalNorm: "parsnip.last_norm",
  pooler: "sorter.mix",
  classifier: "sorter.scores",
  languageHead: { dense: "guess.mix", norm: "guess.norm", bias: "guess.bias", canonical: (stored) => stored },
  canonical: (stored) =>
    canonicalName(stored, "parsnip.", ["input", "blocks", "last_norm"], ["sorter.mix", "sorter.scores"]),
};

/** A family that the tests plant: pre-norm, no segment types, no norm on the embeddings, dropout on both sides of its pooler. */
export const parsnip: Family = {
  type: "parsnip",
  label: "Parsnip",
  examples: "the one that the tests plant",
  rates: { base: 3e-5, large: 2e-5, source: "as for BERT" },
  classes: { encoder: "ParsnipModel", classifier: "ParsnipForSequenceClassification", others: ["ParsnipForMaskedLM"] },
  tokenizerClass: "PreTrainedTokenizerFast",
  claims: (_, architecture) => architecture !== null && architecture.startsWith("Parsnip"),
  readConfig(file) {
    const fields = readFields(schema, file);
    checkHeadSize(fields.width, fields.attention_heads);
    return {
      vocabularySize: fields.words,
      hiddenSize: fields.width,
      layers: fields.blocks,
      heads: fields.attention_heads,
      intermediateSize: fields.inner_width,
      maxPositions: fields.longest,
      typeVocabularySize: 0,
      activation: "gelu",
      layerForm: "pre-norm",
      layerNormEpsilon: fields.norm_epsilon,
      hiddenDropout: fields.drop,
      attentionDropout: fields.attention_drop,
      classifierDropout: fields.head_drop,
      dropsAttentionOutput: true,
      head: [
        { part: "pooler", dropsInput: true, activation: "tanh" },
        { part: "classifier", dropsInput: true, activation: "none" },
      ],
      initializerRange: fields.initializer_range,
      pooling: poolingOf(fields.tabtune),
    };
  },
  names,
  heads: { languageModel: "guess.", nextSentence: null, questionAnswering: "spans." },
  isBuffer: () => false,
  trainsBesideLowRank: ["pooler", "classifier"],
  adapter: {
    targets(target) {
      const modules = {
        query: "to_q",
        key: "to_k",
        value: "to_v",
        attentionOutput: "merge",
        intermediate: "widen",
        output: "narrow",
      };
      return [modules[target]];
    },
    // One module holds both parts of the head.
    pooler: "sorter",
    classifier: "sorter",
  },
};
