import type { Tensor } from "@tensorflow/tfjs-core";
import { keepFactor } from "../dropout/random.ts";
import { computeOnHost, hostOutput, hostView } from "../host.ts";
import type { AttentionOptions, BackwardInputs, ForwardInputs, HostOptions } from "./options.ts";

// Plain loops: tfjs-wasm multiplies batches of small matrices on its slow path, and slices and transposes between
// them cost more than the products (measured: 0.9 s of a 4 s step before, 0.3 s after).

/** Sizes and places in qkv[T, 3·H], as in common.wgsl. */
function layoutOf(qkv: Tensor, heads: number) {
  const size = (qkv.shape[1] ?? 0) / 3 / heads;
  return {
    size,
    scale: 1 / Math.sqrt(size),
    at: (token: number, part: number, head: number) => ((3 * token + part) * heads + head) * size,
  };
}

/** Dropout factor of the probability with which `query` looks at the key `offset` tokens into its row. */
function factor({ heads, dropout }: AttentionOptions, query: number, head: number, offset: number): number {
  const pair = query * heads + head;
  return keepFactor(dropout, (pair << 13) + offset, pair >>> 19);
}

function dot(a: Float32Array, aAt: number, b: Float32Array, bAt: number, size: number): number {
  let sum = 0;
  for (let d = 0; d < size; d++) sum += (a[aAt + d] as number) * (b[bAt + d] as number);
  return sum;
}

/** to[toAt …] += weight · from[fromAt …]. */
function addScaled(
  to: Float32Array,
  toAt: number,
  weight: number,
  from: Float32Array,
  fromAt: number,
  size: number,
): void {
  for (let d = 0; d < size; d++) to[toAt + d] = (to[toAt + d] as number) + weight * (from[fromAt + d] as number);
}

export function forward({ qkv }: ForwardInputs, options: HostOptions) {
  const { heads, rowStart } = options;
  const { size, scale, at } = layoutOf(qkv, heads);
  const tokens = qkv.shape[0] ?? 0;
  const lse = hostOutput([tokens, heads]);
  const out = computeOnHost([qkv], [tokens, heads * size], (outs, values) => {
    const logSums = hostView(lse);
    const scores = new Float64Array(tokens);
    forEachQuery(rowStart, heads, (start, end, query, head) => {
      const q = at(query, 0, head);
      let highest = -Infinity;
      for (let key = start; key < end; key++) {
        const score = scale * dot(values, q, values, at(key, 1, head), size);
        scores[key] = score;
        highest = Math.max(highest, score);
      }
      let total = 0;
      for (let key = start; key < end; key++) total += Math.exp((scores[key] as number) - highest);
      const own = (query * heads + head) * size;
      for (let key = start; key < end; key++) {
        const p = Math.exp((scores[key] as number) - highest) / total;
        addScaled(outs, own, p * factor(options, query, head, key - start), values, at(key, 2, head), size);
      }
      logSums[query * heads + head] = highest + Math.log(total);
    });
  });
  return { out, lse };
}

export function backward({ dOut, qkv, out, lse }: BackwardInputs, options: HostOptions) {
  const { heads, rowStart } = options;
  const { size, scale, at } = layoutOf(qkv, heads);
  const dQkv = computeOnHost([dOut, qkv, out, lse], qkv.shape, (grads, gradient, values, outs, logSums) => {
    if (!gradient || !values || !outs || !logSums) throw new Error("Attention was given too few tensors.");
    forEachQuery(rowStart, heads, (start, end, query, head) => {
      const q = at(query, 0, head);
      const own = (query * heads + head) * size;
      const delta = dot(gradient, own, outs, own, size);
      const logSum = logSums[query * heads + head] as number;
      for (let key = start; key < end; key++) {
        const [k, v] = [at(key, 1, head), at(key, 2, head)];
        const p = Math.exp(scale * dot(values, q, values, k, size) - logSum);
        const kept = factor(options, query, head, key - start);
        const ds = scale * p * (kept * dot(gradient, own, values, v, size) - delta);
        addScaled(grads, q, ds, values, k, size);
        addScaled(grads, k, ds, values, q, size);
        addScaled(grads, v, p * kept, gradient, own, size);
      }
    });
  });
  return { dQkv };
}

function forEachQuery(
  rowStart: Int32Array,
  heads: number,
  visit: (start: number, end: number, query: number, head: number) => void,
): void {
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const [start, end] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
    for (let head = 0; head < heads; head++) {
      for (let query = start; query < end; query++) visit(start, end, query, head);
    }
  }
}
