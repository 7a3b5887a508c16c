import { multiply } from "../linear/multiply";

// What scores have besides q · k, by the distance of query and key, query - key + span - 1 being its row of the table.
// `kind` is 1 for a bias [distances, heads]; for products 8 · parts + 4 + 2 · (keys with the queries of positions) +
// (queries with the keys of positions), the table then being [distances, parts, heads, size] of queries and keys.
// Scores are before scaling; `ds` are gradients that are scaled.

/** Keys whose products with positions are in memory at once: with 64 queries they have 127 distances. */
const KEYS: i32 = 64;
/** Bytes of a row of those products. */
const ROW: i32 = 128 * 4;

/** Scores of pairs that are further apart than the window become so low that their probability is zero. */
export function outsideWindow(
  scores: usize, row: i32, q: i32, count: i32, first: i32, length: i32, window: i32,
): void {
  for (let i = 0; i < count; i++) {
    const own = scores + i * row;
    const low = min(length, max(0, q + i - window - first));
    const high = min(length, q + i + window + 1 - first);
    for (let j = 0; j < low; j++) store<f32>(own + (j << 2), -3e38);
    for (let j = high; j < length; j++) store<f32>(own + (j << 2), -3e38);
  }
}

/** Adds to the scores of queries q … with keys first … what the table has. `queries` is the head in qkv. */
export function addRelative(
  scores: usize, row: i32, q: i32, count: i32, first: i32, length: i32,
  queries: usize, stride: i32, size: i32, scale: f32,
  table: usize, kind: i32, span: i32, heads: i32, head: i32, middle: usize, products: usize,
): void {
  if (kind == 1) {
    for (let i = 0; i < count; i++) {
      let bias = table + (((q + i - first + span - 1) * heads + head) << 2);
      for (let at = scores + i * row, end = at + (length << 2); at < end; at += 4, bias -= heads << 2) {
        store<f32>(at, load<f32>(at) + load<f32>(bias) / scale);
      }
    }
    return;
  }
  const width = (heads * size) << 2;
  const tableStride = (kind >> 3) * width;
  for (let j = 0; j < length; j += KEYS) {
    const keys = min(KEYS, length - j);
    const distances = count + keys - 1;
    // The positions of the smallest distance, that of the first query and the last key.
    const positions = table + (q - (first + j + keys - 1) + span - 1) * tableStride + ((head * size) << 2);
    const own = queries + q * stride;
    const others = queries + (first + j) * stride + width;
    if (kind & 1) {
      multiply(count, distances, size, own, stride, 4, positions + width, tableStride, 4, middle, ROW, 4, false, products);
      for (let i = 0; i < count; i++) {
        let from = middle + i * ROW + ((i + keys - 1) << 2);
        for (let at = scores + i * row + (j << 2), end = at + (keys << 2); at < end; at += 4, from -= 4) {
          store<f32>(at, load<f32>(at) + load<f32>(from));
        }
      }
    }
    if (kind & 2) {
      multiply(keys, distances, size, others, stride, 4, positions, tableStride, 4, middle, ROW, 4, false, products);
      for (let i = 0; i < count; i++) {
        let from = middle + ((i + keys - 1) << 2);
        for (let at = scores + i * row + (j << 2), end = at + (keys << 2); at < end; at += 4, from += ROW - 4) {
          store<f32>(at, load<f32>(at) + load<f32>(from));
        }
      }
    }
  }
}

/** Adds the gradient of the table, and with products those of queries and keys through it. */
export function keepRelative(
  ds: usize, row: i32, q: i32, count: i32, first: i32, length: i32,
  queries: usize, dQueries: usize, stride: i32, size: i32, scale: f32,
  table: usize, dTable: usize, kind: i32, span: i32, heads: i32, head: i32, middle: usize, products: usize,
): void {
  if (kind == 1) {
    for (let i = 0; i < count; i++) {
      let bias = dTable + (((q + i - first + span - 1) * heads + head) << 2);
      for (let at = ds + i * row, end = at + (length << 2); at < end; at += 4, bias -= heads << 2) {
        store<f32>(bias, load<f32>(bias) + load<f32>(at) / scale);
      }
    }
    return;
  }
  const width = (heads * size) << 2;
  const tableStride = (kind >> 3) * width;
  for (let j = 0; j < length; j += KEYS) {
    const keys = min(KEYS, length - j);
    const distances = count + keys - 1;
    const place = (q - (first + j + keys - 1) + span - 1) * tableStride + ((head * size) << 2);
    const own = queries + q * stride;
    const others = queries + (first + j) * stride + width;
    if (kind & 1) {
      memory.fill(middle, 0, count * ROW);
      for (let i = 0; i < count; i++) {
        let to = middle + i * ROW + ((i + keys - 1) << 2);
        for (let at = ds + i * row + (j << 2), end = at + (keys << 2); at < end; at += 4, to -= 4) {
          store<f32>(to, load<f32>(at));
        }
      }
      const dOwn = dQueries + q * stride;
      multiply(count, size, distances, middle, ROW, 4, table + place + width, 4, tableStride, dOwn, stride, 4, true, products);
      multiply(distances, size, count, middle, 4, ROW, own, 4, stride, dTable + place + width, tableStride, 4, true, products);
    }
    if (kind & 2) {
      memory.fill(middle, 0, keys * ROW);
      for (let i = 0; i < count; i++) {
        let to = middle + ((i + keys - 1) << 2);
        for (let at = ds + i * row + (j << 2), end = at + (keys << 2); at < end; at += 4, to += ROW - 4) {
          store<f32>(to, load<f32>(at));
        }
      }
      const dOthers = dQueries + (first + j) * stride + width;
      multiply(keys, size, distances, middle, ROW, 4, table + place, 4, tableStride, dOthers, stride, 4, true, products);
      multiply(distances, size, keys, middle, 4, ROW, others, 4, stride, dTable + place, tableStride, 4, true, products);
    }
  }
}
