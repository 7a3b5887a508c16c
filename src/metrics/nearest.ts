/** A row near to another one: its place, and the cosine of both vectors, from −1 to 1. */
export interface Neighbor {
  place: number;
  similarity: number;
}

/**
 * The rows whose vectors point most nearly the way of another one, by exact search; equal ones in row order. A vector of
 * zeros points nowhere: its cosine is taken to be 0.
 *
 * @param vectors [rows · width]
 * @param query [width]
 * @param count rows to find, at most as many as there are
 */
export function nearestRows(vectors: Float32Array, query: Float32Array, count: number): Neighbor[] {
  const width = query.length;
  const length = (of: Float32Array) => Math.sqrt(of.reduce((sum, value) => sum + value * value, 0));
  const own = length(query);
  const all = Array.from({ length: vectors.length / width }, (_, place) => {
    const vector = vectors.subarray(place * width, (place + 1) * width);
    let product = 0;
    for (let i = 0; i < width; i++) product += (vector[i] ?? 0) * (query[i] ?? 0);
    const lengths = own * length(vector);
    return { place, similarity: lengths > 0 ? product / lengths : 0 };
  });
  return all.sort((a, b) => b.similarity - a.similarity || a.place - b.place).slice(0, count);
}
