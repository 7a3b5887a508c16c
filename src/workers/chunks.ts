import type { Texts } from "../io/text-column.ts";

/** Most rows of a chunk of texts. */
const rowsPerChunk = 512;
/** Characters after which a chunk ends, so that long texts, too, spread over the tokenizers. */
const charactersPerChunk = 65_536;

/** Some rows in a row. */
export interface RowChunk {
  /** The first of them. */
  start: number;
  texts: string[];
  pairs: string[] | null;
  /** No rows come after these. */
  isLast: boolean;
}

/**
 * Cuts rows into chunks small enough to keep several tokenizers busy and progress moving. Rows are read as chunks are
 * asked for, so the first one is there at once, and no more strings are in memory than are under way.
 *
 * @param pairs second text of each row, or null
 */
export function* cutIntoChunks(texts: Texts, pairs: Texts | null): Generator<RowChunk> {
  let row = 0;
  while (row < texts.length) {
    const chunk: RowChunk = { start: row, texts: [], pairs: pairs && [], isLast: false };
    for (let characters = 0; row < texts.length && characters < charactersPerChunk; row++) {
      if (chunk.texts.length === rowsPerChunk) break;
      const [text, pair] = [texts.at(row) ?? "", pairs?.at(row) ?? ""];
      chunk.texts.push(text);
      chunk.pairs?.push(pair);
      characters += text.length + pair.length;
    }
    chunk.isLast = row === texts.length;
    yield chunk;
  }
}
