import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { makeHostTensor, wasmPointer, withWasmScratch } from "../../gpu/tfjs-internals.ts";
import { dropoutNumbers } from "../dropout/wasm-numbers.ts";
import { scratchBytes } from "../linear/multiply.ts";
import { wasmKernels } from "../wasm-kernels.ts";
import type { AttentionOptions } from "./options.ts";

/** Queries whose scores are in memory at once; QUERIES of attention.as. */
const QUERIES = 64;

/** What both kernels are told after their tensors, and the memory they need beside those. */
function plan(qkv: Tensor, rowStart: Int32Array, { tokens, heads, dropout }: AttentionOptions) {
  const size = (qkv.shape[1] ?? 0) / 3 / heads;
  const longest = rowStart.reduce((most, start, i) => Math.max(most, start - (rowStart[i - 1] ?? start)), 0);
  const scores = 4 * QUERIES * Math.ceil(longest / 4) * 4;
  // Of the products the gradients of keys and values are the largest, unless a row is shorter than its head.
  const sizes = [longest, size, QUERIES] as const;
  const bytes = 2 * scores + scratchBytes(Math.max(...sizes), Math.max(...sizes), Math.max(...sizes));
  return {
    bytes,
    numbers: (scratch: number) => [
      ...[tokens, heads, size, 1 / Math.sqrt(size)],
      ...dropoutNumbers(dropout),
      ...[longest, scratch, 0, heads],
    ],
  };
}

export function forward(qkv: Tensor, bounds: Tensor, rowStart: Int32Array, options: AttentionOptions) {
  const [capacity = 0, width = 0] = qkv.shape;
  const [out, lse] = [makeHostTensor([capacity, width / 3]), makeHostTensor([capacity, options.heads])];
  const { bytes, numbers } = plan(qkv, rowStart, options);
  withWasmScratch(bytes, (scratch) => {
    wasmKernels().attention(...[qkv, bounds, out, lse].map(wasmPointer), ...numbers(scratch));
  });
  return { out, lse };
}

export function backward(
  dOut: Tensor,
  qkv: Tensor,
  bounds: Tensor,
  rowStart: Int32Array,
  out: Tensor,
  lse: Tensor,
  options: AttentionOptions,
): TensorInfo {
  const dQkv = makeHostTensor(qkv.shape);
  const { bytes, numbers } = plan(qkv, rowStart, options);
  withWasmScratch(bytes, (scratch) => {
    wasmKernels().attentionGradient(...[dOut, qkv, bounds, out, lse, dQkv].map(wasmPointer), ...numbers(scratch));
  });
  return dQkv;
}
