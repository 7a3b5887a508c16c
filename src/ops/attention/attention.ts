import type { Tensor } from "@tensorflow/tfjs-core";
import { defineKernel } from "../kernel.ts";
import type { AttentionOptions } from "./options.ts";
import * as portable from "./portable.ts";
import * as wasm from "./wasm.ts";
import * as webgpu from "./webgpu.ts";

/** Where the rows lie: on the GPU [T, 2] (first token, end) for each token, and in blocks; on the host [B + 1]. */
interface RowBounds {
  bounds: Tensor;
  /** int32 [·, 4], of `rowBlocks`. */
  blocks: Tensor;
  rowStart: Int32Array;
}

const forwardKernel = defineKernel("TabtuneAttention", {
  portable: portable.forward,
  wasm: wasm.forward,
  webgpu: webgpu.forward,
});

const backwardKernel = defineKernel("TabtuneAttentionBackward", {
  portable: portable.backward,
  wasm: wasm.backward,
  webgpu: webgpu.backward,
});

/**
 * Self-attention within each row: qkv[T, 3·H] → out[T, H], and lse[T, heads] for the backward pass. The head size
 * H / heads is at most 504, which is what a shader's private arrays hold; rows have at most 8,192 tokens. Dropout is on
 * the probabilities. `options.form` has windows and what scores have besides q · k.
 */
export function attention(qkv: Tensor, rows: RowBounds, options: AttentionOptions): { out: Tensor; lse: Tensor } {
  return forwardKernel({ qkv, bounds: rows.bounds, blocks: rows.blocks }, { ...options, rowStart: rows.rowStart });
}

/** dqkv[T, 3·H], with probabilities and masks computed again; for attention without a relative table. */
export function attentionGradient(
  dOut: Tensor,
  saved: { qkv: Tensor; out: Tensor; lse: Tensor },
  rows: RowBounds,
  options: AttentionOptions,
): Tensor {
  return attentionGradients(dOut, saved, rows, options).dQkv;
}

/** The same with the gradient of the relative table, in its shape, where there is one. Sums are in a fixed order. */
export function attentionGradients(
  dOut: Tensor,
  saved: { qkv: Tensor; out: Tensor; lse: Tensor },
  rows: RowBounds,
  options: AttentionOptions,
): { dQkv: Tensor; dRelative: Tensor | null } {
  const attributes = { ...options, rowStart: rows.rowStart };
  const inputs = { dOut, bounds: rows.bounds, blocks: rows.blocks, ...saved };
  const found: { dQkv: Tensor; dRelative?: Tensor } = backwardKernel(inputs, attributes);
  return { dQkv: found.dQkv, dRelative: found.dRelative ?? null };
}
