import { keepFactor, type Dropout } from "../../../src/ops/dropout/random.ts";

/** Attention of rows laid end to end and its gradient, in float64 and by the definition. */
export function referenceAttention(
  qkv: Float32Array,
  dOut: Float32Array,
  { rowStart, heads, size, dropout }: { rowStart: Int32Array; heads: number; size: number; dropout: Dropout },
): { out: Float32Array; lse: Float32Array; dQkv: Float32Array } {
  const tokens = rowStart.at(-1) ?? 0;
  const out = new Float64Array(tokens * heads * size);
  const lse = new Float64Array(tokens * heads);
  const dQkv = new Float64Array(qkv.length);
  const at = (token: number, part: number, head: number) => ((3 * token + part) * heads + head) * size;
  const add = (to: Float64Array, place: number, value: number) => (to[place] = (to[place] ?? 0) + value);
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const [start, end] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
    for (let head = 0; head < heads; head++) {
      for (let query = start; query < end; query++) {
        const [q, own, pair] = [at(query, 0, head), (query * heads + head) * size, query * heads + head];
        const scores: number[] = [];
        const factors: number[] = [];
        const gradients: number[] = [];
        for (let key = start; key < end; key++) {
          const [k, v] = [at(key, 1, head), at(key, 2, head)];
          let score = 0;
          let gradient = 0;
          for (let d = 0; d < size; d++) {
            score += (qkv[q + d] ?? NaN) * (qkv[k + d] ?? NaN);
            gradient += (dOut[own + d] ?? NaN) * (qkv[v + d] ?? NaN);
          }
          scores.push(score / Math.sqrt(size));
          factors.push(keepFactor(dropout, (pair << 13) + key - start, pair >>> 19));
          gradients.push(gradient);
        }
        const highest = Math.max(...scores);
        const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
        lse[pair] = highest + Math.log(total);
        const p = scores.map((score) => Math.exp(score - highest) / total);
        const mean = p.reduce((sum, each, i) => sum + each * (factors[i] ?? NaN) * (gradients[i] ?? NaN), 0);
        for (let i = 0; i < p.length; i++) {
          const [k, v] = [at(start + i, 1, head), at(start + i, 2, head)];
          const kept = (p[i] ?? NaN) * (factors[i] ?? NaN);
          const ds = ((p[i] ?? NaN) * ((factors[i] ?? NaN) * (gradients[i] ?? NaN) - mean)) / Math.sqrt(size);
          for (let d = 0; d < size; d++) {
            add(out, own + d, kept * (qkv[v + d] ?? NaN));
            add(dQkv, v + d, kept * (dOut[own + d] ?? NaN));
            add(dQkv, q + d, ds * (qkv[k + d] ?? NaN));
            add(dQkv, k + d, ds * (qkv[q + d] ?? NaN));
          }
        }
      }
    }
  }
  return { out: Float32Array.from(out), lse: Float32Array.from(lse), dQkv: Float32Array.from(dQkv) };
}
