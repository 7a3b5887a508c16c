import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { refusedByBytes, refusedByText, refusedOle } from "./refused-formats.ts";

/** The expected content of a text file: rows of cells, or one text per line. */
type Wanted = "table" | "lines";

const expectations: Record<Wanted, string> = {
  table: "A table was expected: CSV, TSV, JSON, JSON Lines, Parquet or XLSX, also gzipped or in a zip.",
  lines: "A plain text file was expected, one text per line.",
};
const PLAIN_TEXT = "Save its texts as a plain text file (.txt, UTF-8), one per line, and choose that.";

/** Kinds of files that have tables but are not plain text. */
const packedKinds: [readonly number[], string][] = [
  [[0x50, 0x4b, 3, 4], "a zip file or a spreadsheet"],
  [[0x1f, 0x8b], "a gzip file"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file"],
];

/** The problem of a file of a kind that is not read. */
export function refusal(
  name: string,
  { what, remedy }: { what: string; remedy: string },
  wanted: Wanted = "table",
): Problem {
  const advice = wanted === "table" || what.includes("pointer") || what.includes("web page") ? remedy : PLAIN_TEXT;
  return new Problem({ found: `${name} is ${what}.`, expected: expectations[wanted], remedy: advice });
}

/** Throws a `Problem` for a file whose first bytes show another kind than is expected. */
export async function requireTextFile(source: ByteSource, wanted: Wanted = "table"): Promise<void> {
  const head = await source.slice(0, Math.min(512, source.size));
  const refused = refusedByBytes(head);
  if (refused !== null) throw refusal(source.name, refused, wanted);
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) {
    throw refusal(source.name, refusedOle(await source.slice(0, Math.min(source.size, 4 << 20))), wanted);
  }
  const packed = wanted === "lines" ? packedKinds.find(([signature]) => startsWith(head, signature)) : undefined;
  if (packed !== undefined) throw refusal(source.name, { what: packed[1], remedy: PLAIN_TEXT }, wanted);
}

export function startsWith(head: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => head[index] === byte);
}

/** Throws a `Problem` when a decoded sample is no table, or has too many control characters for a text. */
export function requireText(name: string, sample: string, wanted: Wanted = "table"): void {
  const refused = refusedByText(sample);
  if (refused !== null) throw refusal(name, refused, wanted);
  // Counted by code, because the linter forbids control characters in patterns.
  let controls = 0;
  for (let index = 0; index < sample.length; index++) {
    const code = sample.charCodeAt(index);
    // 1 and 31 separate cells in exports of some databases.
    if (code < 9 || (code > 13 && code < 31) || code === 127) controls++;
    if (code === 1) controls--;
  }
  if (controls * 200 <= sample.length) return;
  throw new Problem({
    found: `${name} does not look like text: ${controls} of its first ${sample.length} characters are control characters.`,
    expected: expectations[wanted],
    remedy:
      wanted === "table"
        ? "Check that the right file was chosen and that it was written to its end."
        : `Check that the right file was chosen. ${PLAIN_TEXT}`,
  });
}
