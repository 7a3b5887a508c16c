import {
  add,
  concat,
  div,
  exp,
  log,
  matMul,
  max,
  mul,
  reshape,
  slice,
  sub,
  sum,
  tensor3d,
  tidy,
  transpose,
  unstack,
  type Tensor,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { keepFactor } from "../dropout/random.ts";
import type { AttentionOptions } from "./options.ts";

/** [n, 3·H] of one row → q, k, v, each [heads, n, head size]. */
function headsOf(qkv: Tensor, start: number, length: number, heads: number): [Tensor3D, Tensor3D, Tensor3D] {
  const headSize = (qkv.shape[1] ?? 0) / 3 / heads;
  const parts = reshape(slice(qkv, [start, 0], [length, -1]), [length, 3, heads, headSize]);
  const [q, k, v] = unstack(transpose(parts, [1, 2, 0, 3])) as Tensor3D[];
  if (!q || !k || !v) throw new Error("q, k and v were expected in one tensor.");
  return [q, k, v];
}

/** [heads, n, head size] → [n, H]. */
const joined = (x: Tensor3D): Tensor => reshape(transpose(x, [1, 0, 2]), [x.shape[1], x.shape[0] * x.shape[2]]);
const swapped = (x: Tensor3D): Tensor3D => transpose(x, [0, 2, 1]);

/** Dropout factors [heads, n, n] of one row's probabilities, numbered as in common.wgsl. */
function maskOf(start: number, length: number, { heads, dropout }: AttentionOptions): Tensor3D | null {
  if (dropout.rate === 0) return null;
  const factors = new Float32Array(heads * length * length);
  let at = 0;
  for (let head = 0; head < heads; head++) {
    for (let query = start; query < start + length; query++) {
      const first = (query * heads + head) << 13;
      for (let offset = 0; offset < length; offset++) factors[at++] = keepFactor(dropout, first + offset);
    }
  }
  return tensor3d(factors, [heads, length, length]);
}

export function forward(qkv: Tensor, rowStart: Int32Array, options: AttentionOptions) {
  const { heads } = options;
  const [out, lse] = tidy(() => {
    const outs: Tensor[] = [];
    const lses: Tensor[] = [];
    for (const [start, length] of rows(rowStart)) {
      const [q, k, v] = headsOf(qkv, start, length, heads);
      const scores = mul(matMul(q, swapped(k)), 1 / Math.sqrt(q.shape[2]));
      const highest = max(scores, -1, true);
      const weights = exp(sub(scores, highest));
      const total = sum(weights, -1, true);
      const p = div<Tensor3D>(weights, total);
      const mask = maskOf(start, length, options);
      outs.push(joined(matMul(mask ? mul(p, mask) : p, v)));
      lses.push(transpose(reshape(add(highest, log(total)), [heads, length])));
    }
    return [concat(outs, 0), concat(lses, 0)] as const;
  }) as unknown as [Tensor, Tensor];
  return { out, lse };
}

export function backward(
  dOut: Tensor,
  qkv: Tensor,
  rowStart: Int32Array,
  out: Tensor,
  lse: Tensor,
  options: AttentionOptions,
): Tensor {
  const { heads } = options;
  return tidy(() => {
    const gradients: Tensor[] = [];
    for (const [start, length] of rows(rowStart)) {
      const [q, k, v] = headsOf(qkv, start, length, heads);
      const split = (x: Tensor): Tensor3D =>
        transpose(reshape(slice(x, [start, 0], [length, -1]), [length, heads, q.shape[2]]) as Tensor3D, [1, 0, 2]);
      const scale = 1 / Math.sqrt(q.shape[2]);
      const own = reshape(transpose(slice(lse, [start, 0], [length, -1])), [heads, length, 1]);
      const p = exp<Tensor3D>(sub(mul(matMul(q, swapped(k)), scale), own));
      const mask = maskOf(start, length, options);
      const gradient: Tensor3D = split(dOut);
      const delta = sum(mul<Tensor3D>(gradient, split(out)), -1, true);
      const dv = matMul<Tensor3D>(swapped(mask ? mul<Tensor3D>(p, mask) : p), gradient);
      const dp = matMul(gradient, swapped(v));
      const ds = mul<Tensor3D>(mul(p, sub(mask ? mul(dp, mask) : dp, delta)), scale);
      gradients.push(concat([joined(matMul(ds, k)), joined(matMul(swapped(ds), q)), joined(dv)], 1));
    }
    return concat(gradients, 0);
  });
}

function* rows(rowStart: Int32Array): Generator<[start: number, length: number]> {
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const start = rowStart[row] ?? 0;
    yield [start, (rowStart[row + 1] ?? 0) - start];
  }
}
