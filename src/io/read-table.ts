import type { ByteSource } from "./byte-source.ts";
import { readDelimited } from "./csv.ts";
import { PIECE_BYTES } from "./decode.ts";
import { Problem } from "../problem/problem.ts";
import type { ParsedTable } from "./parsed-table.ts";
import type { FormatOverrides } from "./table-format.ts";
import { emptyTable, openText } from "./table-text.ts";
import { LARGEST_FILE, requireTextFile } from "./text-check.ts";

export { DOUBTFUL } from "./encoding-guess.ts";
export type { ParsedTable } from "./parsed-table.ts";

/**
 * Reads a table. Parts of the format that are not given are detected. Several sources are parallel files: texts,
 * labels, and names of the labels, a line each. What is read does not depend on `pieceBytes`, the bytes taken at once.
 * Throws a `Problem` for a file that is empty, holds a header alone, is no table, or is over 500 MB.
 */
export async function readTable(
  sources: ByteSource | readonly ByteSource[],
  overrides: FormatOverrides = {},
  pieceBytes = PIECE_BYTES,
): Promise<ParsedTable> {
  const [source] = "size" in sources ? [sources] : sources;
  if (source === undefined) throw new Error("a table has at least one file");
  if (source.size === 0) throw emptyTable(source.name, "is empty");
  if (source.size > LARGEST_FILE) throw tooLarge(source);
  await requireTextFile(source);
  return readDelimited(await openText(source, overrides.encoding, pieceBytes), overrides);
}

function tooLarge(source: ByteSource): Problem {
  return new Problem({
    found: `${source.name} has ${Math.round(source.size / 1e6)} MB.`,
    expected: `A table of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Take a part of the rows: fine-tuning seldom gains from more than a few hundred thousand.",
  });
}
