import type { LengthHistogram } from "../../workers/protocol.ts";

/** Share of the rows that are longer than `length` units, 0 where nothing is. */
export function cutShare({ longerThan }: LengthHistogram, length: number): number {
  const rows = longerThan[0] ?? 0;
  if (rows === 0) return 0;
  // Lengths are counted up to a limit: what is asked beyond it is no more than the last that is known.
  const cut = longerThan[Math.min(length, longerThan.length - 1)] ?? 0;
  return cut / rows;
}
