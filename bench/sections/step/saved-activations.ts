import type { ModelShape } from "../../inputs/model-shape.ts";

/**
 * Bytes that a training step's forward pass saves for its backward pass, from the shapes: without pooled buffers and
 * without tensors of the backward pass.
 *
 * For T tokens, H hidden, I inner and A heads a layer saves its input [T, H], q, k and v [T, 3H], attention's
 * log-sum-exp [T, A], its context [T, H], the middle [T, H], input and output of the activation [T, I] each, and for
 * each of two LayerNorms the normalized [T, H] and 1/deviation [T]. The embeddings save one LayerNorm. With gradient
 * checkpointing every layer saves its input, and the rest exists for one layer at a time.
 *
 * @param tokens of all rows together
 */
export function savedActivationBytes(shape: ModelShape, rows: number, tokens: number, checkpointing: boolean): number {
  const { layers, hidden, heads, intermediate } = shape;
  const norm = tokens * (hidden + 1);
  const input = tokens * hidden;
  const inner = tokens * (5 * hidden + heads + 2 * intermediate) + 2 * norm;
  // What the pooler reads, what goes into its tanh, and what of its output dropout leaves to the classifier.
  const head = 3 * rows * hidden;
  return 4 * (norm + layers * input + (checkpointing ? 1 : layers) * inner + head);
}

/** Bytes of weights, gradients and AdamW's two moments. */
export function trainedBytes(parameters: number): number {
  return 4 * 4 * parameters;
}
