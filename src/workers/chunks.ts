/** Most rows of a chunk of texts. */
const rowsPerChunk = 512;
/** Characters after which a chunk ends, so that long texts, too, spread over the tokenizers. */
const charactersPerChunk = 65_536;

/** A cut of rows into chunks; chunk i holds the rows `start[i]` to `start[i + 1]`. */
export interface Chunks {
  count: number;
  start: number[];
}

/**
 * Cuts rows into chunks small enough to keep several tokenizers busy and progress moving.
 *
 * @param pairs second text of each row, or null
 */
export function cutIntoChunks(texts: readonly string[], pairs: readonly string[] | null): Chunks {
  const start = [0];
  let rows = 0;
  let characters = 0;
  texts.forEach((text, row) => {
    rows++;
    characters += text.length + (pairs?.[row]?.length ?? 0);
    if (row + 1 < texts.length && (rows === rowsPerChunk || characters >= charactersPerChunk)) {
      start.push(row + 1);
      rows = 0;
      characters = 0;
    }
  });
  const count = texts.length === 0 ? 0 : start.length;
  if (count > 0) start.push(texts.length);
  return { count, start };
}
