import type { Tensor } from "@tensorflow/tfjs-core";
import { keepFactor } from "../dropout/random.ts";
import { computeOnHost, hostOutput, hostView } from "../host.ts";
import type { AttentionOptions, BackwardInputs, ForwardInputs, HostOptions, Relative } from "./options.ts";

// Plain loops: tfjs-wasm multiplies batches of small matrices on its slow path, and slices and transposes between
// them cost more than the products (measured: 0.9 s of a 4 s step before, 0.3 s after).

/** Sizes and places in qkv[T, 3·H], as in common.wgsl. */
function layoutOf(qkv: Tensor, { heads, form }: AttentionOptions) {
  const size = (qkv.shape[1] ?? 0) / 3 / heads;
  return {
    size,
    scale: form?.scale ?? 1 / Math.sqrt(size),
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

/** Where a table of products has the query (part 0) or key (1) of the distance between two tokens. */
function placeOf(relative: Products, heads: number, size: number) {
  return (query: number, key: number, part: number, head: number) =>
    ((relative.parts * (query - key + relative.span - 1) + part) * heads + head) * size;
}

type Products = Extract<Relative, { kind: "products" }>;

/** The score of a query and a key. `values` are those of qkv, `table` of the relative table. */
function scorer(qkv: Tensor, options: AttentionOptions, values: Float32Array, table: Float32Array | undefined) {
  const { heads, form } = options;
  const { size, scale, at } = layoutOf(qkv, options);
  const relative = form?.relative;
  const plain = (query: number, key: number, head: number) =>
    dot(values, at(query, 0, head), values, at(key, 1, head), size);
  if (!relative || !table) return (query: number, key: number, head: number) => scale * plain(query, key, head);
  if (relative.kind === "bias") {
    return (query: number, key: number, head: number) =>
      scale * plain(query, key, head) + (table[(query - key + relative.span - 1) * heads + head] as number);
  }
  const place = placeOf(relative, heads, size);
  const { contentToPosition, positionToContent } = relative;
  return (query: number, key: number, head: number) => {
    let score = plain(query, key, head);
    if (contentToPosition) score += dot(values, at(query, 0, head), table, place(query, key, 1, head), size);
    if (positionToContent) score += dot(values, at(key, 1, head), table, place(query, key, 0, head), size);
    return scale * score;
  };
}

export function forward({ qkv }: ForwardInputs, options: HostOptions) {
  const { heads } = options;
  const { size, at } = layoutOf(qkv, options);
  const tokens = qkv.shape[0] ?? 0;
  const lse = hostOutput([tokens, heads]);
  const out = computeOnHost([qkv, ...tableOf(options)], [tokens, heads * size], (outs, values, table) => {
    if (!values) throw new Error("Attention was given too few tensors.");
    const logSums = hostView(lse);
    const scores = new Float64Array(tokens);
    const scoreOf = scorer(qkv, options, values, table);
    forEachQuery(options, ({ start, from, to }, query, head) => {
      let highest = -Infinity;
      for (let key = from; key < to; key++) {
        const score = scoreOf(query, key, head);
        scores[key] = score;
        highest = Math.max(highest, score);
      }
      let total = 0;
      for (let key = from; key < to; key++) total += Math.exp((scores[key] as number) - highest);
      const own = (query * heads + head) * size;
      for (let key = from; key < to; key++) {
        const p = Math.exp((scores[key] as number) - highest) / total;
        addScaled(outs, own, p * factor(options, query, head, key - start), values, at(key, 2, head), size);
      }
      logSums[query * heads + head] = highest + Math.log(total);
    });
  });
  return { out, lse };
}

export function backward({ dOut, qkv, out, lse }: BackwardInputs, options: HostOptions) {
  const { heads, form } = options;
  const { size, scale, at } = layoutOf(qkv, options);
  const relative = form?.relative;
  const dRelative = relative ? hostOutput(relative.table.shape) : null;
  const inputs = [dOut, qkv, out, lse, ...tableOf(options)];
  const dQkv = computeOnHost(inputs, qkv.shape, (grads, gradient, values, outs, logSums, table) => {
    if (!gradient || !values || !outs || !logSums) throw new Error("Attention was given too few tensors.");
    const scoreOf = scorer(qkv, options, values, table);
    const keepRelative =
      relative &&
      dRelative &&
      relativeGradient(
        relative,
        { heads, ...layoutOf(qkv, options) },
        { grads, values, table, to: hostView(dRelative) },
      );
    forEachQuery(options, ({ start, from, to }, query, head) => {
      const q = at(query, 0, head);
      const own = (query * heads + head) * size;
      const delta = dot(gradient, own, outs, own, size);
      const logSum = logSums[query * heads + head] as number;
      for (let key = from; key < to; key++) {
        const [k, v] = [at(key, 1, head), at(key, 2, head)];
        const p = Math.exp(scoreOf(query, key, head) - logSum);
        const kept = factor(options, query, head, key - start);
        const dScore = p * (kept * dot(gradient, own, values, v, size) - delta);
        addScaled(grads, q, scale * dScore, values, k, size);
        addScaled(grads, k, scale * dScore, values, q, size);
        addScaled(grads, v, p * kept, gradient, own, size);
        keepRelative?.(query, key, head, dScore);
      }
    });
  });
  return { dQkv, ...(dRelative && { dRelative }) };
}

interface RelativeViews {
  /** The elements of dqkv. */
  grads: Float32Array;
  /** Those of qkv. */
  values: Float32Array;
  table: Float32Array | undefined;
  /** Those of the table's gradient. */
  to: Float32Array;
}

/** Adds what a score's gradient gives to the relative table, and to query and key through it. */
function relativeGradient(
  relative: Relative,
  { heads, size, scale, at }: ReturnType<typeof layoutOf> & { heads: number },
  { grads, values, table, to }: RelativeViews,
) {
  if (relative.kind === "bias" || !table) {
    return (query: number, key: number, head: number, dScore: number) => {
      const place = (query - key + relative.span - 1) * heads + head;
      to[place] = (to[place] as number) + dScore;
    };
  }
  const place = placeOf(relative, heads, size);
  const { contentToPosition, positionToContent } = relative;
  return (query: number, key: number, head: number, dScore: number) => {
    const [q, k] = [at(query, 0, head), at(key, 1, head)];
    const [ofQuery, ofKey] = [place(query, key, 0, head), place(query, key, 1, head)];
    if (contentToPosition) {
      addScaled(grads, q, scale * dScore, table, ofKey, size);
      addScaled(to, ofKey, scale * dScore, values, q, size);
    }
    if (positionToContent) {
      addScaled(grads, k, scale * dScore, table, ofQuery, size);
      addScaled(to, ofQuery, scale * dScore, values, k, size);
    }
  };
}

const tableOf = ({ form }: AttentionOptions): Tensor[] => (form?.relative ? [form.relative.table] : []);

/** Visits every query of every head with the first token of its row, and the keys it looks at, `from` … `to` − 1. */
function forEachQuery(
  { rowStart, heads, form }: HostOptions,
  visit: (keys: { start: number; from: number; to: number }, query: number, head: number) => void,
): void {
  const window = form?.window ?? Infinity;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const [start, end] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
    for (let head = 0; head < heads; head++) {
      for (let query = start; query < end; query++) {
        const keys = { start, from: Math.max(start, query - window), to: Math.min(end, query + window + 1) };
        visit(keys, query, head);
      }
    }
  }
}
