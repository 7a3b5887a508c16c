import type { EncodedDataset } from "../src/data/rows.ts";
import { miniLm, randomRows } from "./minilm-shape.ts";

/** Random ids in rows of lengths that go evenly from the shortest to the longest, over and over. */
export function randomDataset(
  count: number,
  [shortest, longest]: [number, number],
  vocabulary: number,
  seed: number,
): EncodedDataset {
  const lengths = Array.from({ length: count }, (_, row) => shortest + ((row * 7) % (longest - shortest + 1)));
  const { ids, types, labels } = randomRows(lengths, { ...miniLm, vocabulary }, seed);
  const rowStart = new Int32Array(count + 1);
  ids.forEach((row, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + row.length));
  return {
    ids: Int32Array.from(ids.flat()),
    types: Int32Array.from(types.flat()),
    rowStart,
    fullLengths: Int32Array.from(lengths),
    labels: Int32Array.from(labels),
  };
}
