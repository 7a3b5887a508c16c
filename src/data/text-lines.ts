import type { ByteSource } from "../io/byte-source.ts";
import { decodeText, detectEncoding } from "../io/text-encoding.ts";
import { Problem } from "../problem/problem.ts";

/**
 * The texts of a plain text file, one a line, in any encoding that a table may be in; empty lines and texts of
 * `without` (rows held out, which must not be learnt by heart) are left out. Throws a Problem when nothing is left.
 */
export async function readTextLines(source: ByteSource, without: readonly string[] = []): Promise<string[]> {
  const text = await decodeText(source, await detectEncoding(source));
  const heldOut = new Set(without.map((one) => one.trim()));
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const kept = lines.filter((line) => line !== "" && !heldOut.has(line));
  if (kept.length > 0) return kept;
  throw new Problem({
    found: `${source.name} has no text to train on.`,
    expected: "A plain text file with one text a line was expected, other texts than those held out.",
    remedy: "Choose another file.",
  });
}
