import { exp } from "../activation/exp";
import { keepFactors } from "../dropout/dropout";
import { largestOfLanes, madd, sumOfLanes } from "../lanes";
import { multiply } from "../linear/multiply";
import { addRelative, keepRelative, outsideWindow } from "./relative";

// Query by query within a row and head, QUERIES of them at a time, so that what lies between the two products of a
// long row stays small. `bounds` is int32 [T, 2]: first token and end of each token's row.

/** Queries whose scores are in memory at once; `QUERIES` of wasm.ts. */
const QUERIES: i32 = 64;
/** The kind of relative table that is a bias, and bytes of products with positions; more in relative.as. */
const BIAS: i32 = 1;
const MIDDLE: usize = 64 * 128 * 4;

@external("env", "log")
declare function log(x: f64): f64;

/** Dropout counts an element of the probabilities as (query · heads + head) · 2¹³ + key within the row. */
@inline
function firstElement(query: i32, heads: i32, head: i32): i32 {
  return (query * heads + head) << 13;
}

/** The key's second word, changed by what the shift loses: randomWord of random.ts. */
@inline
function blockKey(key1: i32, query: i32, heads: i32, head: i32): i32 {
  return key1 + ((query * heads + head) >>> 19) * <i32>0x9e3779b9;
}

/** scores[keys, padded to 4] → probabilities after dropout, in place; returns their logarithm's normalizer. */
function softmax(
  scores: usize, keys: i32, scale: f32,
  element: i32, key0: i32, key1: i32, threshold: i32, kept: f32,
): f32 {
  const end = scores + ((<usize>((keys + 3) & ~3)) << 2);
  for (let at = scores + ((<usize>keys) << 2); at < end; at += 4) store<f32>(at, -3e38);
  let most = f32x4.splat(-3e38);
  for (let at = scores; at < end; at += 16) most = f32x4.max(most, v128.load(at));
  const highest = largestOfLanes(most);
  let sum = f32x4.splat(0);
  for (let at = scores; at < end; at += 16) {
    const e = exp(f32x4.mul(f32x4.sub(v128.load(at), f32x4.splat(highest)), f32x4.splat(scale)));
    sum = f32x4.add(sum, e);
    v128.store(at, e);
  }
  const total = sumOfLanes(sum);
  for (let at = scores; at < end; at += 16, element += 4) {
    const factors = keepFactors(element, key0, key1, threshold, kept / total);
    v128.store(at, f32x4.mul(v128.load(at), factors));
  }
  return <f32>(<f64>(highest * scale) + log(total));
}

/**
 * out[T, H] and lse[T, heads] of qkv[T, 3·H], H = heads · size, for the heads from `from` to `to`. `window` is -1 for
 * none, `kind` 0 without a relative table.
 */
export function attention(
  qkv: usize, bounds: usize, table: usize, out: usize, lse: usize,
  tokens: i32, heads: i32, size: i32, scale: f32,
  key0: i32, key1: i32, threshold: i32, kept: f32,
  longest: i32, window: i32, kind: i32, span: i32, scratch: usize,
  from: i32, to: i32,
): void {
  const width = (heads * size) << 2;
  const stride = 3 * width;
  const scores = scratch;
  const middle = scores + ((<usize>QUERIES * ((longest + 3) & ~3)) << 2);
  const products = middle + (kind > BIAS ? MIDDLE : 0);
  for (let head = from; head < to; head++) {
    const queries = qkv + ((head * size) << 2);
    const own = out + ((head * size) << 2);
    for (let start = 0, end = 0; start < tokens; start = end) {
      end = load<i32>(bounds + (start << 3), 4);
      const row = ((end - start + 3) & ~3) << 2;
      for (let q = start; q < end; q += QUERIES) {
        const count = min(QUERIES, end - q);
        const first = window < 0 ? start : max(start, q - window);
        const length = (window < 0 ? end : min(end, q + count + window)) - first;
        const keys = queries + first * stride + width;
        multiply(count, length, size, queries + q * stride, stride, 4, keys, stride, 4, scores, row, 4, false, products);
        if (kind > 0) {
          addRelative(
            scores, row, q, count, first, length, queries, stride, size, scale,
            table, kind, span, heads, head, middle, products,
          );
        }
        if (window >= 0) outsideWindow(scores, row, q, count, first, length, window);
        for (let i = 0; i < count; i++) {
          const element = firstElement(q + i, heads, head) + first - start;
          const second = blockKey(key1, q + i, heads, head);
          const logSum = softmax(scores + i * row, length, scale, element, key0, second, threshold, kept);
          store<f32>(lse + (((q + i) * heads + head) << 2), logSum);
        }
        multiply(count, size, length, scores, row, 4, keys + width, 4, stride, own + q * width, width, 4, false, products);
      }
    }
  }
}

/** a · b of two vectors of `size` numbers. */
@inline
function dot(a: usize, b: usize, size: i32): f32 {
  let sum = f32x4.splat(0);
  const end = a + ((<usize>size) << 2);
  for (; a + 16 <= end; a += 16, b += 16) sum = madd(v128.load(a), v128.load(b), sum);
  let total = sumOfLanes(sum);
  for (; a < end; a += 4, b += 4) total += load<f32>(a) * load<f32>(b);
  return total;
}

/** One query: scores → probabilities after dropout, and the gradients of those → the gradients of the scores. */
@inline
function softmaxGradient(
  scores: usize, gradients: usize, keys: i32, scale: f32, logSum: f32, delta: f32,
  element: i32, key0: i32, key1: i32, threshold: i32, kept: f32,
): void {
  const end = scores + ((<usize>((keys + 3) & ~3)) << 2);
  for (; scores < end; scores += 16, gradients += 16, element += 4) {
    const factors = keepFactors(element, key0, key1, threshold, kept);
    const p = exp(f32x4.sub(f32x4.mul(v128.load(scores), f32x4.splat(scale)), f32x4.splat(logSum)));
    const apart = f32x4.sub(f32x4.mul(factors, v128.load(gradients)), f32x4.splat(delta));
    v128.store(gradients, f32x4.mul(f32x4.mul(p, f32x4.splat(scale)), apart));
    v128.store(scores, f32x4.mul(p, factors));
  }
}

/** dQkv[T, 3·H] from dOut[T, H], with the probabilities computed again. */
export function attentionGradient(
  dOut: usize, qkv: usize, bounds: usize, table: usize, out: usize, lse: usize, dQkv: usize, dTable: usize,
  tokens: i32, heads: i32, size: i32, scale: f32,
  key0: i32, key1: i32, threshold: i32, kept: f32,
  longest: i32, window: i32, kind: i32, span: i32, scratch: usize,
  from: i32, to: i32,
): void {
  const width = (heads * size) << 2;
  const stride = 3 * width;
  const room = (<usize>QUERIES * ((longest + 3) & ~3)) << 2;
  const p = scratch;
  const ds = p + room;
  const middle = ds + room;
  const products = middle + (kind > BIAS ? MIDDLE : 0);
  for (let head = from; head < to; head++) {
    const column = (head * size) << 2;
    for (let start = 0, end = 0; start < tokens; start = end) {
      end = load<i32>(bounds + (start << 3), 4);
      const row = ((end - start + 3) & ~3) << 2;
      // With a window, blocks of queries look at keys of their own, and all of them add.
      if (window >= 0) {
        for (let token = start; token < end; token++) {
          memory.fill(dQkv + token * stride + column + width, 0, (<usize>size) << 2);
          memory.fill(dQkv + token * stride + column + 2 * width, 0, (<usize>size) << 2);
        }
      }
      for (let q = start; q < end; q += QUERIES) {
        const count = min(QUERIES, end - q);
        const first = window < 0 ? start : max(start, q - window);
        const length = (window < 0 ? end : min(end, q + count + window)) - first;
        const keys = qkv + first * stride + column + width;
        const dKeys = dQkv + first * stride + column + width;
        const queries = qkv + q * stride + column;
        const gradients = dOut + q * width + column;
        multiply(count, length, size, queries, stride, 4, keys, stride, 4, p, row, 4, false, products);
        if (kind > 0) {
          addRelative(
            p, row, q, count, first, length, qkv + column, stride, size, scale,
            table, kind, span, heads, head, middle, products,
          );
        }
        if (window >= 0) outsideWindow(p, row, q, count, first, length, window);
        multiply(count, length, size, gradients, width, 4, keys + width, stride, 4, ds, row, 4, false, products);
        for (let i = 0; i < count; i++) {
          const delta = dot(gradients + i * width, out + (q + i) * width + column, size);
          const logSum = load<f32>(lse + (((q + i) * heads + head) << 2));
          const element = firstElement(q + i, heads, head) + first - start;
          const second = blockKey(key1, q + i, heads, head);
          softmaxGradient(
            p + i * row, ds + i * row, length, scale, logSum, delta, element, key0, second, threshold, kept,
          );
        }
        const adds = q > start || window >= 0;
        multiply(length, size, count, p, 4, row, gradients, 4, width, dKeys + width, stride, 4, adds, products);
        multiply(length, size, count, ds, 4, row, queries, 4, stride, dKeys, stride, 4, adds, products);
        const dQueries = dQkv + q * stride + column;
        multiply(count, size, length, ds, row, 4, keys, 4, stride, dQueries, stride, 4, false, products);
        if (kind > 0) {
          keepRelative(
            ds, row, q, count, first, length, qkv + column, dQkv + column, stride, size, scale,
            table, dTable, kind, span, heads, head, middle, products,
          );
        }
      }
    }
  }
}
