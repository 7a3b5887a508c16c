import type { EncodedDataset, LabelledRows } from "../data/rows.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import type { Tokenizer } from "../tokenize/tokenizer.ts";

/** Labelled texts as what training reads. */
export function encodeLabelled(rows: LabelledRows, maxLength: number, tokenizer: Tokenizer): EncodedDataset {
  return { ...encodeRows(rows.texts, rows.pairs, maxLength, tokenizer), labels: rows.labels };
}
