import type { Tensor } from "@tensorflow/tfjs-core";
import { defineKernel } from "../kernel.ts";
import type { AttentionOptions } from "./options.ts";
import * as portable from "./portable.ts";
import * as wasm from "./wasm.ts";
import * as webgpu from "./webgpu.ts";

/** Where the rows lie: on the GPU [T, 2] (first token, end) for each token, on the host [B + 1]. */
export interface RowBounds {
  bounds: Tensor;
  rowStart: Int32Array;
}

type Attributes = AttentionOptions & { rowStart: Int32Array };

const forwardKernel = defineKernel("TabtuneAttention", {
  portable: ({ qkv }: { qkv: Tensor; bounds: Tensor }, attributes: Attributes) =>
    portable.forward(qkv, attributes.rowStart, attributes),
  wasm: ({ qkv, bounds }, attributes) => wasm.forward(qkv, bounds, attributes.rowStart, attributes),
  webgpu: ({ qkv, bounds }, attributes) => webgpu.forward(qkv, bounds, attributes),
});

type BackwardInputs = { dOut: Tensor; qkv: Tensor; bounds: Tensor; out: Tensor; lse: Tensor };

const backwardKernel = defineKernel("TabtuneAttentionBackward", {
  portable: ({ dOut, qkv, out, lse }: BackwardInputs, attributes: Attributes) => ({
    dQkv: portable.backward(dOut, qkv, attributes.rowStart, out, lse, attributes),
  }),
  wasm: ({ dOut, qkv, bounds, out, lse }, attributes) => ({
    dQkv: wasm.backward(dOut, qkv, bounds, attributes.rowStart, out, lse, attributes),
  }),
  webgpu: ({ dOut, qkv, bounds, out, lse }, attributes) => webgpu.backward(dOut, qkv, bounds, out, lse, attributes),
});

/**
 * Self-attention within each row: qkv[T, 3·H] → out[T, H], and lse[T, heads] for the backward pass. The head size
 * H / heads is at most 504, which is what a shader's private arrays hold; rows have at most 8,192 tokens. Dropout is on the probabilities.
 */
export function attention(qkv: Tensor, rows: RowBounds, options: AttentionOptions): { out: Tensor; lse: Tensor } {
  return forwardKernel({ qkv, bounds: rows.bounds }, { ...options, rowStart: rows.rowStart });
}

/** dqkv[T, 3·H], with probabilities and masks computed again. */
export function attentionGradient(
  dOut: Tensor,
  saved: { qkv: Tensor; out: Tensor; lse: Tensor },
  rows: RowBounds,
  options: AttentionOptions,
): Tensor {
  const attributes = { ...options, rowStart: rows.rowStart };
  return backwardKernel({ dOut, bounds: rows.bounds, ...saved }, attributes).dQkv;
}
