import type { Texts } from "../io/text-column.ts";
import type { EncodedRows } from "../data/rows.ts";
import { Int32List } from "../io/int32-list.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Encoded rows in buffers of their own, which can be transferred to another thread. */
interface OwnedRows extends EncodedRows {
  ids: Int32Array<ArrayBuffer>;
  types: Int32Array<ArrayBuffer>;
  rowStart: Int32Array<ArrayBuffer>;
  fullLengths: Int32Array<ArrayBuffer>;
}

/**
 * Encodes many rows and lays them end to end.
 *
 * @param pairs second text of each row, or null
 * @param maxLength largest number of tokens per row, special tokens included
 * @throws Problem when `maxLength` has no room for the special tokens
 */
export function encodeRows(texts: Texts, pairs: Texts | null, maxLength: number, tokenizer: Tokenizer): OwnedRows {
  const rowStart = new Int32Array(texts.length + 1);
  const fullLengths = new Int32Array(texts.length);
  const capacity = Math.max(64, texts.length * 32);
  const rows = { ids: new Int32List(capacity), types: new Int32List(capacity) };
  for (let row = 0; row < texts.length; row++) {
    const pair = pairs === null ? null : (pairs.at(row) ?? "");
    fullLengths[row] = tokenizer.append(texts.at(row) ?? "", pair, maxLength, rows);
    rowStart[row + 1] = rows.ids.length;
  }
  return { ids: rows.ids.toArray(), types: rows.types.toArray(), rowStart, fullLengths };
}

/**
 * Lays the rows of several parts end to end, in the order given.
 */
export function joinRows(parts: readonly EncodedRows[]): EncodedRows {
  const tokens = parts.reduce((sum, part) => sum + part.ids.length, 0);
  const rows = parts.reduce((sum, part) => sum + part.fullLengths.length, 0);
  const joined: EncodedRows = {
    ids: new Int32Array(tokens),
    types: new Int32Array(tokens),
    rowStart: new Int32Array(rows + 1),
    fullLengths: new Int32Array(rows),
  };
  let token = 0;
  let row = 0;
  for (const part of parts) {
    joined.ids.set(part.ids, token);
    joined.types.set(part.types, token);
    joined.fullLengths.set(part.fullLengths, row);
    for (let i = 0; i < part.fullLengths.length; i++) {
      joined.rowStart[row + i + 1] = token + (part.rowStart[i + 1] ?? 0);
    }
    token += part.ids.length;
    row += part.fullLengths.length;
  }
  return joined;
}
