import { looksOf } from "../data/column-look.ts";
import { emptiness } from "../data/empty-cells.ts";
import type { Cleaning } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import { textLimitOf, type TextLimit } from "../data/text-limit.ts";
import { Int32List } from "../io/int32-list.ts";
import type { Tokenizer } from "../tokenize/tokenizer.ts";
import type { SeenColumns } from "./columns.ts";

/** How long the texts of a table are in tokens, special tokens included, and what becomes of the long ones. */
interface TextLengths extends TextLimit {
  /** Number of tokens, over the rows with a text. */
  mean: number;
  longest: number;
  /** Number of rows of more than `maxLength` tokens. */
  longer: number;
  /** Number of rows that the model reads: each window of a text is one. */
  encodedRows: number;
}

/**
 * Tokenizes the texts of a table one by one, so that no more than one is held. Null where no column has texts, or a
 * column of lists has words.
 *
 * @throws Problem where the limit has no room for the special tokens, or windows have too large an overlap
 */
export function textLengths(
  { cells, columns, rowCount }: Table,
  { text, pair }: Pick<SeenColumns, "text" | "pair">,
  { limit, cleaning, tokenizer }: { limit: TextLimit; cleaning: Cleaning; tokenizer: Tokenizer },
): TextLengths | null {
  const texts = cells[text ?? -1];
  if (text === null || !texts || (looksOf(columns, cells)[text]?.lists ?? 0) > 0.5) return null;
  const pairs = pair === null ? null : cells[pair];
  const isEmpty = emptiness(cleaning);
  const encoded = { ids: new Int32List(512), types: new Int32List(512), rowEnds: new Int32List(16) };
  let [rows, tokens, longest, longer, encodedRows] = [0, 0, 0, 0, 0];
  for (let row = 0; row < rowCount; row++) {
    const first = texts.at(row);
    if (isEmpty(first)) continue;
    encoded.ids.length = encoded.types.length = encoded.rowEnds.length = 0;
    const length = tokenizer.append(first ?? "", pairs ? (pairs.at(row) ?? "") : null, limit, encoded);
    rows++;
    tokens += length;
    longest = Math.max(longest, length);
    if (length > limit.maxLength) longer++;
    encodedRows += encoded.rowEnds.length;
  }
  return { ...textLimitOf(limit), mean: tokens / Math.max(1, rows), longest, longer, encodedRows };
}
