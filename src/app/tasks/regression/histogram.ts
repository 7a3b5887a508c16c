import { niceTicks, type NiceTicks } from "../../nice-ticks.ts";

/** Values counted in bins of equal width; bin i reaches from `edges[i]` to `edges[i + 1]`. */
interface Histogram {
  edges: number[];
  counts: number[];
  /** Writes an edge. */
  text: NiceTicks["text"];
}

/**
 * Counts values in bins with round edges; a value on an edge belongs to the bin above, the highest to the last.
 *
 * @param wanted approximate number of bins
 */
export function histogramOf(values: readonly number[], wanted = 12): Histogram {
  const finite = values.filter(Number.isFinite);
  const [low, high] = finite.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
  const { ticks: edges, text } = niceTicks(low, high, wanted);
  const counts = new Array<number>(edges.length - 1).fill(0);
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 1];
  for (const value of finite) {
    const place = Math.floor(((value - first) / (last - first)) * counts.length + 1e-9);
    const bin = Math.min(counts.length - 1, Math.max(0, place));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts, text };
}
