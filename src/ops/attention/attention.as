import { exp } from "../activation/exp";
import { keepFactors } from "../dropout/dropout";
import { largestOfLanes, madd, sumOfLanes } from "../lanes";
import { multiply } from "../linear/multiply";

// Query by query within a row and head, QUERIES of them at a time, so that what lies between the two products of a
// long row stays small. `bounds` is int32 [T, 2]: first token and end of each token's row.

/** Queries whose scores are in memory at once; `QUERIES` of wasm.ts. */
const QUERIES: i32 = 64;

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

/** out[T, H] and lse[T, heads] of qkv[T, 3·H], H = heads · size, for the heads from `from` to `to`. */
export function attention(
  qkv: usize, bounds: usize, out: usize, lse: usize,
  tokens: i32, heads: i32, size: i32, scale: f32,
  key0: i32, key1: i32, threshold: i32, kept: f32,
  longest: i32, scratch: usize,
  from: i32, to: i32,
): void {
  const width = (heads * size) << 2;
  const stride = 3 * width;
  const scores = scratch;
  const products = scores + ((<usize>QUERIES * ((longest + 3) & ~3)) << 2);
  for (let head = from; head < to; head++) {
    const queries = qkv + ((head * size) << 2);
    const own = out + ((head * size) << 2);
    for (let start = 0, end = 0; start < tokens; start = end) {
      end = load<i32>(bounds + (start << 3), 4);
      const length = end - start;
      const row = ((length + 3) & ~3) << 2;
      const keys = queries + start * stride + width;
      for (let q = start; q < end; q += QUERIES) {
        const count = min(QUERIES, end - q);
        multiply(count, length, size, queries + q * stride, stride, 4, keys, stride, 4, scores, row, 4, false, products);
        for (let i = 0; i < count; i++) {
          const element = firstElement(q + i, heads, head);
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
  dOut: usize, qkv: usize, bounds: usize, out: usize, lse: usize, dQkv: usize,
  tokens: i32, heads: i32, size: i32, scale: f32,
  key0: i32, key1: i32, threshold: i32, kept: f32,
  longest: i32, scratch: usize,
  from: i32, to: i32,
): void {
  const width = (heads * size) << 2;
  const stride = 3 * width;
  const room = (<usize>QUERIES * ((longest + 3) & ~3)) << 2;
  const p = scratch;
  const ds = p + room;
  const products = ds + room;
  for (let head = from; head < to; head++) {
    const column = (head * size) << 2;
    for (let start = 0, end = 0; start < tokens; start = end) {
      end = load<i32>(bounds + (start << 3), 4);
      const length = end - start;
      const row = ((length + 3) & ~3) << 2;
      const keys = qkv + start * stride + column + width;
      const dKeys = dQkv + start * stride + column + width;
      for (let q = start; q < end; q += QUERIES) {
        const count = min(QUERIES, end - q);
        const queries = qkv + q * stride + column;
        const gradients = dOut + q * width + column;
        multiply(count, length, size, queries, stride, 4, keys, stride, 4, p, row, 4, false, products);
        multiply(count, length, size, gradients, width, 4, keys + width, stride, 4, ds, row, 4, false, products);
        for (let i = 0; i < count; i++) {
          const delta = dot(gradients + i * width, out + (q + i) * width + column, size);
          const logSum = load<f32>(lse + (((q + i) * heads + head) << 2));
          const element = firstElement(q + i, heads, head);
          const second = blockKey(key1, q + i, heads, head);
          softmaxGradient(
            p + i * row, ds + i * row, length, scale, logSum, delta, element, key0, second, threshold, kept,
          );
        }
        const adds = q > start;
        multiply(length, size, count, p, 4, row, gradients, 4, width, dKeys + width, stride, 4, adds, products);
        multiply(length, size, count, ds, 4, row, queries, 4, stride, dKeys, stride, 4, adds, products);
        const dQueries = dQkv + q * stride + column;
        multiply(count, size, length, ds, row, 4, keys, 4, stride, dQueries, stride, 4, false, products);
      }
    }
  }
}
