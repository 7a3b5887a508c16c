import type { Texts } from "../io/text-column.ts";
import { rowCount } from "../data/batches.ts";
import type { EncodedRows } from "../data/rows.ts";
import { cutAt, type TextLimit } from "../data/text-limit.ts";
import { Int32List } from "../io/int32-list.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Encoded rows in buffers of their own, which can be transferred to another thread. */
interface OwnedRows extends EncodedRows {
  ids: Int32Array<ArrayBuffer>;
  types: Int32Array<ArrayBuffer>;
  rowStart: Int32Array<ArrayBuffer>;
  fullLengths: Int32Array<ArrayBuffer>;
  textStart?: Int32Array<ArrayBuffer>;
  spans?: Int32Array<ArrayBuffer>;
}

/**
 * Encodes many texts and lays their rows end to end.
 *
 * @param pairs second text of each, or null
 * @param limit what happens to long texts; a number cuts them after that many tokens, special tokens included
 * @throws Problem when the limit has no room for the special tokens, or windows have too large an overlap
 */
export function encodeRows(
  texts: Texts,
  pairs: Texts | null,
  limit: TextLimit | number,
  tokenizer: Tokenizer,
): OwnedRows {
  const ownLimit = typeof limit === "number" ? cutAt(limit) : limit;
  const fullLengths = new Int32Array(texts.length);
  const textStart = new Int32Array(texts.length + 1);
  const capacity = Math.max(64, texts.length * 32);
  const rows = {
    ids: new Int32List(capacity),
    types: new Int32List(capacity),
    rowEnds: new Int32List(texts.length + 1),
    ...(ownLimit.spans && { spans: new Int32List(2 * capacity) }),
  };
  rows.rowEnds.push(0);
  for (let text = 0; text < texts.length; text++) {
    const pair = pairs === null ? null : (pairs.at(text) ?? "");
    fullLengths[text] = tokenizer.append(texts.at(text) ?? "", pair, ownLimit, rows);
    textStart[text + 1] = rows.rowEnds.length - 1;
  }
  const isWindowed = rows.rowEnds.length - 1 > texts.length;
  return {
    ids: rows.ids.toArray(),
    types: rows.types.toArray(),
    rowStart: rows.rowEnds.toArray(),
    fullLengths,
    ...(isWindowed && { textStart }),
    ...(rows.spans && { spans: rows.spans.toArray() }),
  };
}

/**
 * Lays the rows of several parts end to end, in the order given.
 */
export function joinRows(parts: readonly EncodedRows[]): EncodedRows {
  const sum = (sizeOf: (part: EncodedRows) => number) => parts.reduce((total, part) => total + sizeOf(part), 0);
  const tokens = sum(({ ids }) => ids.length);
  const texts = sum(({ fullLengths }) => fullLengths.length);
  const joined: EncodedRows = {
    ids: new Int32Array(tokens),
    types: new Int32Array(tokens),
    rowStart: new Int32Array(sum(rowCount) + 1),
    fullLengths: new Int32Array(texts),
    ...(parts.some(({ textStart }) => textStart) && { textStart: new Int32Array(texts + 1) }),
    ...(parts.some(({ spans }) => spans) && { spans: new Int32Array(2 * tokens) }),
  };
  const at = { token: 0, row: 0, text: 0 };
  for (const part of parts) {
    joined.ids.set(part.ids, at.token);
    joined.types.set(part.types, at.token);
    if (part.spans) joined.spans?.set(part.spans, 2 * at.token);
    joined.fullLengths.set(part.fullLengths, at.text);
    joined.rowStart.set(
      part.rowStart.map((start) => at.token + start),
      at.row,
    );
    const starts = part.textStart ?? Int32Array.from({ length: part.rowStart.length }, (_, row) => row);
    joined.textStart?.set(
      starts.map((row) => at.row + row),
      at.text,
    );
    at.token += part.ids.length;
    at.row += rowCount(part);
    at.text += part.fullLengths.length;
  }
  return joined;
}
