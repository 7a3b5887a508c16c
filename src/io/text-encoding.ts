import type { ByteSource } from "./byte-source.ts";
import { bytePieces, decodePieces, PIECE_BYTES, isForeign, Utf8Judge, type Decoding } from "./decode.ts";
import { guessLegacyEncoding } from "./encoding-guess.ts";

/** A detected encoding. */
interface DetectedEncoding extends Decoding {
  /** 0 to 1; below `DOUBTFUL` of encoding-guess.ts it is a guess. */
  confidence: number;
}

/** Number of bytes of non-ASCII lines from which the encoding is guessed, and of each such line. */
const SAMPLE_BYTES = 32_768;
const LINE_BYTES = 4096;
/** Share of the non-ASCII lines that must be UTF-8 for a mixed file to count as UTF-8. */
const UTF8_SHARE = 0.15;

/**
 * The encoding of a text file: by its byte order mark; as UTF-16 or UTF-32 by the zero bytes of its ASCII characters;
 * as UTF-8 when all lines are, or enough of them, the others being in another encoding; else by
 * `guessLegacyEncoding`.
 */
export async function inspectEncoding(source: ByteSource, pieceBytes = PIECE_BYTES): Promise<DetectedEncoding> {
  const head = await source.slice(0, Math.min(16_384, source.size));
  const certain = markedEncoding(head) ?? wideEncoding(head);
  if (certain !== null && certain !== "utf-8") return { encoding: certain, confidence: 1, fallback: null };
  const { valid, foreign, cut, sample, accidental, hasEscapes } = await surveyLines(source, pieceBytes);
  if (foreign === 0 && cut <= valid) {
    const encoding = valid === 0 && hasEscapes ? "iso-2022-jp" : "utf-8";
    return { encoding, confidence: 1, fallback: null };
  }
  // If lines of another encoding have characters that happen to be UTF-8, some whole lines happen to be UTF-8 too.
  const share = accidental ? 0.9 : UTF8_SHARE;
  const enough = valid >= share * (valid + foreign + cut);
  if (certain !== null || enough) {
    const { encoding } = await guessLegacyEncoding(sample);
    return { encoding: "utf-8", confidence: 1, fallback: encoding };
  }
  return { ...(await guessLegacyEncoding(sample)), fallback: null };
}

/** The name of the encoding alone. */
export async function detectEncoding(source: ByteSource): Promise<string> {
  return (await inspectEncoding(source)).encoding;
}

/** The whole text of a file as `decodePieces` gives it. */
export async function decodeText(source: ByteSource, encoding: string): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of decodePieces(source, { encoding, fallback: null })) pieces.push(piece);
  return pieces.join("");
}

/** Counts the lines with non-ASCII characters and collects those that are not UTF-8. */
async function surveyLines(source: ByteSource, pieceBytes: number) {
  const judge = new Utf8Judge();
  const line = new Uint8Array(LINE_BYTES);
  const sample = new Uint8Array(SAMPLE_BYTES + LINE_BYTES + 1);
  let [lineLength, sampleLength, valid, foreign, escapes, lastByte] = [0, 0, 0, 0, 0, 0];
  let [accidents, foreignBytes, cut] = [0, 0, 0];
  const endLine = () => {
    const bytes = judge.take();
    const foreignLine = isForeign(bytes);
    if (foreignLine || bytes.cut > bytes.valid) {
      if (foreignLine) foreign++;
      else cut++;
      accidents += bytes.valid;
      foreignBytes += bytes.foreign;
      if (sampleLength < SAMPLE_BYTES) {
        sample.set(line.subarray(0, lineLength), sampleLength);
        sampleLength += lineLength;
        sample[sampleLength++] = 0x0a;
      }
    } else if (bytes.valid > 0) valid++;
    lineLength = 0;
  };
  for await (const piece of bytePieces(source, pieceBytes)) {
    for (const byte of piece) {
      // ISO-2022-JP changes its character set by ESC $ and ESC (.
      if (lastByte === 0x1b && (byte === 0x24 || byte === 0x28)) escapes++;
      lastByte = byte;
      if (judge.push(byte)) endLine();
      else if (lineLength < LINE_BYTES) line[lineLength++] = byte;
    }
  }
  endLine();
  const accidental = accidents > 0.05 * foreignBytes;
  return { valid, foreign, cut, accidental, sample: sample.slice(0, sampleLength), hasEscapes: escapes >= 2 };
}

function markedEncoding(head: Uint8Array): string | null {
  const [first, second, third, fourth] = head;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? "utf-32le" : "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return "utf-32be";
  return null;
}

/** UTF-16 or UTF-32 without a mark: line ends, delimiters and digits are ASCII in any language, so their zero bytes show it. */
function wideEncoding(head: Uint8Array): string | null {
  const length = head.length - (head.length % 4);
  if (length < 8) return null;
  const zeros = [0, 0, 0, 0];
  for (let at = 0; at < length; at++) if (head[at] === 0) zeros[at % 4] = (zeros[at % 4] ?? 0) + 1;
  const [a = 0, b = 0, c = 0, d = 0] = zeros;
  const quarter = length / 4;
  if (d > 0.98 * quarter && c > 0.9 * quarter && a < 0.1 * quarter) return "utf-32le";
  if (a > 0.98 * quarter && b > 0.9 * quarter && d < 0.1 * quarter) return "utf-32be";
  const [even, odd] = [a + c, b + d];
  const enough = Math.max(4, 0.01 * length);
  if (odd >= enough && even <= Math.max(2, 0.05 * odd) && hasLineEnds(head, true)) return "utf-16le";
  if (even >= enough && odd <= Math.max(2, 0.05 * even) && hasLineEnds(head, false)) return "utf-16be";
  return null;
}

/** Whether the bytes have a line end or a delimiter when read as UTF-16. */
function hasLineEnds(head: Uint8Array, littleEndian: boolean): boolean {
  for (let at = 0; at + 1 < head.length; at += 2) {
    const [low, high] = littleEndian ? [head[at], head[at + 1]] : [head[at + 1], head[at]];
    if (high === 0 && (low === 0x0a || low === 0x0d || low === 0x2c || low === 0x09)) return true;
  }
  return false;
}
