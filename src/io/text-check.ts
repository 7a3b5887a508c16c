import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";

const knownFormats: { signature: readonly number[]; what: string; remedy: string }[] = [
  {
    signature: [0x50, 0x4b, 3, 4],
    what: "a zip file or a spreadsheet (xlsx, ods)",
    remedy: "Open it and save the sheet as CSV (UTF-8), or unpack the zip and choose the CSV in it.",
  },
  {
    signature: [0xd0, 0xcf, 0x11, 0xe0],
    what: "an old Excel file (xls)",
    remedy: "Open it in a spreadsheet program and save the sheet as CSV (UTF-8).",
  },
  { signature: [0x1f, 0x8b], what: "a gzip file", remedy: "Unpack it first and choose the CSV in it." },
  {
    signature: [0x50, 0x41, 0x52, 0x31],
    what: "a Parquet file",
    remedy: "Convert it in Python with pandas.read_parquet(FILE).to_csv('data.csv', index=False).",
  },
  { signature: [0x25, 0x50, 0x44, 0x46], what: "a PDF", remedy: "Export the table as CSV from where it was made." },
];

/** Bytes of a text file; the text of a larger one would not fit into one string. */
export const LARGEST_FILE = 500_000_000;

/** What a file of text is wanted to hold: rows of cells, or a text a line. */
export type Wanted = "table" | "lines";

const expectations: Record<Wanted, string> = {
  table: "A table in text form (CSV or TSV) was expected.",
  lines: "A plain text file was expected, one text a line.",
};
const PLAIN_TEXT = "Save its texts as a plain text file (.txt, UTF-8), one a line, and choose that.";

/** Throws a `Problem` for a file that is known by its first bytes to be something else than text. */
export async function requireTextFile(source: ByteSource, wanted: Wanted = "table"): Promise<void> {
  const head = await source.slice(0, Math.min(4, source.size));
  const known = knownFormats.find(({ signature }) => signature.every((byte, index) => head[index] === byte));
  if (known === undefined) return;
  const remedy = wanted === "table" ? known.remedy : PLAIN_TEXT;
  throw new Problem({ found: `${source.name} is ${known.what}.`, expected: expectations[wanted], remedy });
}

/** Throws a `Problem` when a decoded sample holds more control characters than text ever does. */
export function requireText(name: string, sample: string, wanted: Wanted = "table"): void {
  // Counted by code, for linters forbid control characters in a pattern.
  let controls = 0;
  for (let index = 0; index < sample.length; index++) {
    const code = sample.charCodeAt(index);
    if (code < 9 || (code > 13 && code < 32) || code === 127) controls++;
  }
  if (controls * 200 <= sample.length) return;
  throw new Problem({
    found: `${name} does not look like text: ${controls} of its first ${sample.length} characters are control characters.`,
    expected: expectations[wanted],
    remedy:
      wanted === "table"
        ? "Check that the right file was chosen; a spreadsheet must be saved as CSV first."
        : `Check that the right file was chosen. ${PLAIN_TEXT}`,
  });
}
