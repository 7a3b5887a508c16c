import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { decodePieces, PIECE_BYTES } from "./decode.ts";
import { note, type TableFaults } from "./parsed-table.ts";
import { requireText } from "./text-check.ts";
import { inspectEncoding } from "./text-encoding.ts";

/** A text file whose encoding is known; each pass decodes its text again. */
export interface TextFile {
  name: string;
  encoding: string;
  encodingConfidence: number;
  /** The beginning of the text. */
  sample: string;
  /** Whether the text continues after the sample. */
  isCut: boolean;
  /** The text piece by piece; `onForeign` gets the number of each line that is in another encoding. */
  pieces(onForeign?: (line: number) => void): AsyncGenerator<string, undefined>;
}

const SAMPLE_CHARACTERS = 1 << 16;

/** Opens a text file; throws a `Problem` for a file that is not text. */
export async function openText(
  source: ByteSource,
  given: string | undefined,
  pieceBytes = PIECE_BYTES,
): Promise<TextFile> {
  const { confidence, ...decoding } =
    given === undefined
      ? await inspectEncoding(source, pieceBytes)
      : { encoding: platformEncoding(given), fallback: null, confidence: 1 };
  const pieces = (onForeign?: (line: number) => void) => decodePieces(source, decoding, { pieceBytes, onForeign });
  // The sample does not depend on the size of the pieces.
  let sample = "";
  let isCut = false;
  for await (const piece of pieces()) {
    sample += piece;
    if (sample.length <= SAMPLE_CHARACTERS) continue;
    isCut = true;
    break;
  }
  sample = sample.slice(0, SAMPLE_CHARACTERS);
  requireText(source.name, sample);
  return { name: source.name, encoding: decoding.encoding, encodingConfidence: confidence, sample, isCut, pieces };
}

/** WHATWG's name of an encoding, lower case; throws a `Problem` for a name that the platform does not know. */
function platformEncoding(label: string): string {
  const plain = label.trim().toLowerCase();
  if (/^utf-?32(le|be)$/.test(plain)) return plain.endsWith("le") ? "utf-32le" : "utf-32be";
  try {
    const { encoding } = new TextDecoder(label.trim());
    return encoding;
  } catch {
    throw new Problem({
      found: `“${label}” is no encoding that a table can be in.`,
      expected: "A name of the WHATWG Encoding Standard was expected.",
      remedy: "Use utf-8, utf-16le, windows-1252, windows-1251, gbk, big5, shift_jis, euc-kr or another of its names.",
    });
  }
}

/** The problem of a file without rows; `what` completes a sentence that begins with its name. */
export function emptyTable(name: string, what: string): Problem {
  return new Problem({
    found: `${name} ${what}.`,
    expected: "A table with at least a text column, a label column and some rows was expected.",
    remedy: "Check that the right file was chosen and that it was saved after the last change.",
  });
}

/** What a file has in place of the sheet, table or split that was asked for. */
export function noSheet(name: string, sheet: string, names: readonly string[], kind = "table"): Problem {
  return new Problem({
    found: `${name} has no ${kind} “${sheet}”.`,
    expected: `One of these was expected: ${names.slice(0, 20).join(", ")}.`,
    remedy: "Choose one of them.",
  });
}

/** A line of a text file without its end; `number` is 1-based. */
interface Line {
  text: string;
  number: number;
}

/** The lines of a file, ended by "\n", "\r\n" or "\r"; lines in another encoding are noted. */
export async function* linesOf(file: TextFile, faults?: TableFaults): AsyncGenerator<Line, undefined> {
  let rest: string[] = [];
  let number = 0;
  // A "\r" at the end of a piece may be the first half of a row end.
  let heldReturn = "";
  for await (const next of file.pieces((line) => faults && note(faults.mixedEncoding, line))) {
    let piece = heldReturn + next;
    heldReturn = piece.endsWith("\r") ? "\r" : "";
    if (heldReturn !== "") piece = piece.slice(0, -1);
    const parts = piece.split(/\r\n|\n|\r/);
    rest.push(parts[0] ?? "");
    if (parts.length === 1) continue;
    yield { text: rest.join(""), number: ++number };
    for (const text of parts.slice(1, -1)) yield { text, number: ++number };
    rest = [parts.at(-1) ?? ""];
  }
  const last = rest.join("");
  if (last !== "" || heldReturn !== "") yield { text: last, number: ++number };
}
