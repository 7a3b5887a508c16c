import type { EncodedRows } from "../data/rows.ts";
import type { TokenCounts } from "./protocol.ts";

/** Tokens of each row before and after it was cut to what the model reads. */
export function tokenCounts({ rowStart, fullLengths }: EncodedRows): TokenCounts[] {
  return Array.from(fullLengths, (whole, row) => ({ whole, read: (rowStart[row + 1] ?? 0) - (rowStart[row] ?? 0) }));
}
