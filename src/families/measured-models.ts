import type { ModelConfig } from "../model/config.ts";
import { readConfig } from "./registry.ts";

const common = { model_type: "bert", vocab_size: 30_522, max_position_embeddings: 512, type_vocab_size: 2 };
const small = { hidden_size: 384, num_attention_heads: 12, intermediate_size: 1536 };
const sizes = {
  /** Two narrow layers, whose steps take milliseconds anywhere. */
  tiny: {
    ...common,
    vocab_size: 1000,
    num_hidden_layers: 2,
    hidden_size: 128,
    num_attention_heads: 4,
    intermediate_size: 512,
  },
  /** What a GPU is tested by at its first use; weights are large enough that each part of a step shows. */
  selfTest: {
    ...common,
    // Few enough of which are in a step that their gradient is kept as the rows of these alone.
    vocab_size: 300,
    max_position_embeddings: 64,
    num_hidden_layers: 2,
    hidden_size: 64,
    num_attention_heads: 2,
    intermediate_size: 128,
    initializer_range: 0.15,
  },
  /** The sizes of all-MiniLM-L6-v2. */
  small: { ...common, ...small, num_hidden_layers: 6 },
  /** The sizes of bert-base-uncased. */
  base: { ...common, num_hidden_layers: 12, hidden_size: 768, num_attention_heads: 12, intermediate_size: 3072 },
};

/** A model whose steps are timed without a checkpoint, by the sizes of one that people train. */
export type MeasuredModel = keyof typeof sizes;

export function measuredConfig(model: MeasuredModel): ModelConfig {
  return readConfig(sizes[model]);
}
