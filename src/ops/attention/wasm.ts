import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { dropoutNumbers } from "../dropout/random.ts";
import { hostOutput, makeHostTensor } from "../host.ts";
import { scratchBytes } from "../linear/multiply.ts";
import { callAll, threadParts, wasmPointer, withWasmScratch } from "../wasm-kernels.ts";
import { longestRow, type BackwardInputs, type ForwardInputs, type HostOptions, type Relative } from "./options.ts";

/** Queries whose scores are in memory at once; QUERIES of attention.as. */
const QUERIES = 64;
/** Bytes of products with positions; MIDDLE of attention.as. */
const MIDDLE = 64 * 128 * 4;

/** `kind` of relative.as. */
function kindOf(relative: Relative | null | undefined): number {
  if (!relative) return 0;
  if (relative.kind === "bias") return 1;
  return 8 * relative.parts + 4 + 2 * Number(relative.positionToContent) + Number(relative.contentToPosition);
}

/** The arguments of both kernels behind their tensors, how the heads are cut, and the memory that each part needs. */
function plan(qkv: Tensor, { tokens, heads, dropout, rowStart, form }: HostOptions) {
  const size = (qkv.shape[1] ?? 0) / 3 / heads;
  const longest = longestRow(rowStart);
  const scores = 4 * QUERIES * Math.ceil(longest / 4) * 4;
  const relative = form?.relative;
  const hasProducts = relative?.kind === "products";
  // The gradients of keys and values are the largest products, unless a row is shorter than its head.
  const most = Math.max(longest, size, hasProducts ? 2 * QUERIES : QUERIES);
  const bytes = 2 * scores + (hasProducts ? MIDDLE : 0) + scratchBytes(most, most, most);
  const numbers = [
    ...[tokens, heads, size, form?.scale ?? 1 / Math.sqrt(size), ...dropoutNumbers(dropout), longest],
    ...[form?.window ?? -1, kindOf(relative), relative?.span ?? 0],
  ];
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
  // Without a table the kernel reads none: any tensor stands in its place.
  const table = options.form?.relative?.table ?? qkv;
  run("attention", [qkv, bounds, table, out, lse], plan(qkv, options));
  return { out, lse };
}

export function backward({ dOut, qkv, bounds, out, lse }: BackwardInputs, options: HostOptions) {
  const relative = options.form?.relative;
  const dQkv = makeHostTensor(qkv.shape);
  const dRelative = relative ? hostOutput(relative.table.shape) : null;
  const tensors = [dOut, qkv, bounds, relative?.table ?? qkv, out, lse, dQkv, dRelative ?? dQkv];
  run("attentionGradient", tensors, plan(qkv, options));
  return { dQkv, ...(dRelative && { dRelative }) };
}
