import * as v from "valibot";
import type { LowRankTarget } from "../../model/low-rank.ts";
import type { ParameterNames } from "../../model/names.ts";
import { bertTargets } from "../bert-layers.ts";
import { readFields } from "../config-fields.ts";
import { debertaConfig, debertaFields } from "../deberta-fields.ts";
import { behindAttention, debertaHeads, debertaNames, isLeftAside, otherHeads } from "../deberta-names.ts";
import type { Family } from "../family.ts";
import { bracketed } from "../vocabulary-forms.ts";

const schema = v.object({
  ...debertaFields,
  // Both projections of positions are there; with one product alone one of them would not be.
  pos_att_type: v.pipe(
    debertaFields.pos_att_type,
    v.check(({ contentToPosition, positionToContent }) => contentToPosition && positionToContent, "both c2p and p2c"),
  ),
  talking_head: v.optional(v.literal(false), false),
});

const names: ParameterNames = {
  ...debertaNames,
  relativePositions: { table: "deberta.encoder.rel_embeddings", norm: null },
  layer(index) {
    const prefix = `deberta.encoder.layer.${index}`;
    const own = `${prefix}.attention.self`;
    const qkv = `${own}.in_proj`;
    return {
      qkv,
      query: qkv,
      key: qkv,
      value: qkv,
      byHead: { queryBias: `${own}.q_bias`, valueBias: `${own}.v_bias` },
      positions: { query: `${own}.pos_q_proj`, key: `${own}.pos_proj` },
      ...behindAttention(prefix),
    };
  },
};

/** The modules of layers as PEFT's adapter_config.json names them. */
const targets = (target: LowRankTarget, layers: number) =>
  target === "query" || target === "key" || target === "value" ? ["in_proj"] : bertTargets(target, layers);

/** DeBERTa (He et al. 2021): as its second version, with projections of positions by themselves and no buckets. */
export const deberta: Family = {
  type: "deberta",
  label: "DeBERTa",
  examples: "microsoft/deberta-base",
  rates: { base: 2e-5, large: 1e-5, source: "He et al. 2021" },
  classes: {
    encoder: "DebertaModel",
    classifier: "DebertaForSequenceClassification",
    others: otherHeads.map((head) => `DebertaFor${head}`),
  },
  tokenizerClass: "PreTrainedTokenizerFast",
  // Byte-level BPE with BERT's special tokens.
  vocabulary: { ...bracketed, maskStripsLeft: true },
  claims: (file, architecture) =>
    architecture === null
      ? "pos_att_type" in file && !("position_buckets" in file)
      : architecture.startsWith("DebertaFor") || architecture === "DebertaModel",
  readConfig: (file) => debertaConfig(readFields(schema, file), 0),
  names,
  heads: debertaHeads,
  tokenHead: { dropout: "hidden" },
  isBuffer: isLeftAside,
  // PEFT trains the classifier alone beside its matrices, as with BERT.
  trainsBesideLowRank: ["classifier"],
  adapter: { targets, pooler: "pooler.dense", classifier: "classifier" },
};
