import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { dropoutNumbers } from "../dropout/random.ts";
import { scratchBytes } from "../linear/multiply.ts";
import { callAll, threadParts, wasmPointer, withWasmScratch } from "../wasm-kernels.ts";
import type { BackwardInputs, ForwardInputs, HostOptions } from "./options.ts";
import { makeHostTensor } from "../host.ts";

/** Queries whose scores are in memory at once; QUERIES of attention.as. */
const QUERIES = 64;

/** The arguments of both kernels behind their tensors, how the heads are cut, and the memory that each part needs. */
function plan(qkv: Tensor, { tokens, heads, dropout, rowStart }: HostOptions) {
  const size = (qkv.shape[1] ?? 0) / 3 / heads;
  const longest = rowStart.reduce((most, start, i) => Math.max(most, start - (rowStart[i - 1] ?? start)), 0);
  const scores = 4 * QUERIES * Math.ceil(longest / 4) * 4;
  // The gradients of keys and values are the largest products, unless a row is shorter than its head.
  const sizes = [longest, size, QUERIES] as const;
  const bytes = 2 * scores + scratchBytes(Math.max(...sizes), Math.max(...sizes), Math.max(...sizes));
  const numbers = [tokens, heads, size, 1 / Math.sqrt(size), ...dropoutNumbers(dropout), longest];
  return { bytes, numbers, parts: threadParts(heads, 1, tokens * longest * heads * size) };
}

function run(
  kernel: "attention" | "attentionGradient",
  tensors: TensorInfo[],
  { bytes, numbers, parts }: ReturnType<typeof plan>,
): void {
  withWasmScratch(bytes * parts.length, (scratch) => {
    const calls = parts.map(({ from, to }, i) => {
      return [...tensors.map(wasmPointer), ...numbers, scratch + i * bytes, from, to];
    });
    callAll(kernel, calls);
  });
}

export function forward({ qkv, bounds }: ForwardInputs, options: HostOptions) {
  const [capacity = 0, width = 0] = qkv.shape;
  const [out, lse] = [makeHostTensor([capacity, width / 3]), makeHostTensor([capacity, options.heads])];
  run("attention", [qkv, bounds, out, lse], plan(qkv, options));
  return { out, lse };
}

export function backward({ dOut, qkv, bounds, out, lse }: BackwardInputs, options: HostOptions) {
  const dQkv = makeHostTensor(qkv.shape);
  run("attentionGradient", [dOut, qkv, bounds, out, lse, dQkv], plan(qkv, options));
  return { dQkv };
}
