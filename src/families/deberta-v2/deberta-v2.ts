import * as v from "valibot";
import type { LowRankTarget } from "../../model/low-rank.ts";
import type { ParameterNames } from "../../model/names.ts";
import { bertTargets } from "../bert-layers.ts";
import { readFields } from "../config-fields.ts";
import { debertaConfig, debertaFields } from "../deberta-fields.ts";
import { behindAttention, debertaHeads, debertaNames, isLeftAside, otherHeads } from "../deberta-names.ts";
import type { Family } from "../family.ts";
import { bracketed, runsOfSpaces } from "../vocabulary-forms.ts";

const schema = v.object({
  ...debertaFields,
  position_buckets: v.optional(v.number(), -1),
  // What these checkpoints have in common; other values are models that compute something else.
  share_att_key: v.literal(true),
  norm_rel_ebd: v.literal("layer_norm"),
  conv_kernel_size: v.nullish(v.literal(0), 0),
});

const names: ParameterNames = {
  ...debertaNames,
  // It is the norm of the table, and no final norm.
  relativePositions: { table: "deberta.encoder.rel_embeddings", norm: "deberta.encoder.LayerNorm" },
  layer(index) {
    const prefix = `deberta.encoder.layer.${index}`;
    return {
      query: `${prefix}.attention.self.query_proj`,
      key: `${prefix}.attention.self.key_proj`,
      value: `${prefix}.attention.self.value_proj`,
      ...behindAttention(prefix),
    };
  },
};

/** The modules of layers as PEFT's adapter_config.json names them. */
const targets = (target: LowRankTarget, layers: number) =>
  target === "query" || target === "key" || target === "value" ? [`${target}_proj`] : bertTargets(target, layers);

/** DeBERTa-v2 and v3 (He et al. 2021, 2023): BERT's layers, whose scores have products with positions by distance. */
export const debertaV2: Family = {
  type: "deberta-v2",
  label: "DeBERTa-v2/v3",
  examples: "microsoft/deberta-v3-base or mdeberta-v3-base",
  rates: { base: 2e-5, large: 1e-5, source: "He et al. 2023" },
  classes: {
    encoder: "DebertaV2Model",
    classifier: "DebertaV2ForSequenceClassification",
    others: [...otherHeads, "MultipleChoice"].map((head) => `DebertaV2For${head}`),
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
    return debertaConfig(fields, fields.position_buckets);
  },
  names,
  heads: debertaHeads,
  tokenHead: { dropout: "hidden" },
  isBuffer: isLeftAside,
  // PEFT trains the classifier alone beside its matrices, as with BERT.
  trainsBesideLowRank: ["classifier"],
  adapter: { targets, pooler: "pooler.dense", classifier: "classifier" },
};
