import { encodeTensor, safetensorsHeader } from "../src/io/safetensors-write.ts";
import type { BertShape, Weights } from "./minilm-shape.ts";

/** model.safetensors with these weights, float32. */
export function weightFile(weights: Weights): Buffer {
  const entries = [...weights].map(([name, { shape }]) => ({ name, dtype: "float32", shape }) as const);
  return Buffer.concat([
    safetensorsHeader(entries, { format: "pt" }),
    ...[...weights.values()].map(({ values }) => encodeTensor(values, "float32")),
  ]);
}

/** config.json of a BERT of these sizes. */
export function configFile(shape: BertShape): Record<string, unknown> {
  return {
    architectures: ["BertModel"],
    model_type: "bert",
    vocab_size: shape.vocabulary,
    hidden_size: shape.hidden,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    intermediate_size: shape.intermediate,
    max_position_embeddings: shape.positions,
    type_vocab_size: shape.types,
    layer_norm_eps: shape.layerNormEpsilon,
  };
}
