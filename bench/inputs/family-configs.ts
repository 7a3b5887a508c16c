import { configOf, type ConfigFile } from "../../src/families/family.ts";
import { families, familyOfType } from "../../src/families/registry.ts";
import type { ModelConfig } from "../../src/model/config.ts";
import { parameterLayout } from "../../src/model/layout.ts";

/** Sizes that models of all families can have. */
export interface CommonSizes {
  layers: number;
  hidden: number;
  heads: number;
  intermediate: number;
  vocabulary: number;
  /** Most tokens of a row. */
  positions: number;
}

const DROPOUT = 0.1;

/** What a family's config.json needs beside its sizes, as its well-known checkpoints have it. */
const ownFields: Record<string, (sizes: CommonSizes) => ConfigFile> = {
  // Their tables of positions have two rows before that of the first token.
  roberta: afterPadding,
  "xlm-roberta": afterPadding,
  camembert: afterPadding,
  mpnet: afterPadding,
  electra: () => ({ embedding_size: 128 }),
  albert: () => ({ embedding_size: 128, num_hidden_groups: 1, hidden_act: "gelu_new" }),
  deberta: () => relative,
  "deberta-v2": () => ({ ...relative, position_buckets: 256, share_att_key: true, norm_rel_ebd: "layer_norm" }),
};

const relative: ConfigFile = {
  relative_attention: true,
  position_biased_input: false,
  pos_att_type: ["c2p", "p2c"],
  type_vocab_size: 0,
};

function afterPadding({ positions }: CommonSizes): ConfigFile {
  return { pad_token_id: 1, max_position_embeddings: positions + 2 };
}

/** Every family by its `model_type`, in the order of the registry. */
export const familyTypes: readonly string[] = families.map(({ type }) => type);

/**
 * A model of these sizes by the family's own reading of a config.json, with dropout 0.1 wherever the family has a rate.
 * Throws a Problem for a family that needs more fields than are listed here.
 *
 * @param further fields that take the place of others
 */
export function familyConfig(type: string, sizes: CommonSizes, further: ConfigFile = {}): ModelConfig {
  const { layers, hidden, heads, intermediate, vocabulary, positions } = sizes;
  const file: ConfigFile = {
    vocab_size: vocabulary,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: intermediate,
    max_position_embeddings: positions,
    hidden_dropout_prob: DROPOUT,
    attention_probs_dropout_prob: DROPOUT,
    // DistilBERT's names for the same.
    ...{ dim: hidden, n_layers: layers, n_heads: heads, hidden_dim: intermediate },
    ...{ dropout: DROPOUT, seq_classif_dropout: DROPOUT },
    // ModernBERT has no rate of its own in attention: its only value is 0.
    attention_dropout: type === "modernbert" ? 0 : DROPOUT,
    ...{ embedding_dropout: DROPOUT, classifier_dropout: DROPOUT },
    ...ownFields[type]?.(sizes),
    ...further,
  };
  return configOf(familyOfType(type), file);
}

/** Numbers that a classifier of this model has as weights. */
export function parameterCount(config: ModelConfig, classes: number): number {
  const layout = parameterLayout(config, classes, "pooler");
  return layout.reduce((sum, { parts, partShape }) => sum + parts.length * partShape.reduce((a, b) => a * b, 1), 0);
}
