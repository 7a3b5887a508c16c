import type { ByteSource } from "./byte-source.ts";

/** Encodings that a table may be in. */
export type TextEncoding = string;

const CHUNK_BYTES = 4 << 20;

/**
 * The encoding of a text file: by its byte order mark; as UTF-16 by the zero bytes of its Latin letters; as UTF-8 when
 * the whole file is valid, or nearly so (a character cut in two by some export must not spoil all others); else
 * Windows-1252, which every byte sequence is.
 */
export async function detectEncoding(source: ByteSource): Promise<TextEncoding> {
  const head = await source.slice(0, Math.min(4096, source.size));
  const marked = markedEncoding(head) ?? guessUtf16(head);
  if (marked !== null) return marked;

  let due = 0;
  let valid = 0;
  let invalid = 0;
  for (let start = 0; start < source.size; start += CHUNK_BYTES) {
    for (const byte of await source.slice(start, Math.min(start + CHUNK_BYTES, source.size))) {
      if (due > 0) {
        if ((byte & 0xc0) === 0x80) {
          if (--due === 0) valid++;
          continue;
        }
        invalid++;
        due = 0;
      }
      if (byte < 0x80) continue;
      if (byte >= 0xc2 && byte <= 0xf4) due = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      else invalid++;
    }
  }
  if (due > 0) invalid++;
  return invalid === 0 || valid > 10 * invalid ? "utf-8" : "windows-1252";
}

/**
 * The text of a file, piece by piece and without its byte order mark; what the encoding does not allow becomes U+FFFD.
 */
export async function* decodePieces(source: ByteSource, encoding: TextEncoding): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder(encoding);
  const mended = (text: string) => (encoding === "windows-1252" ? mendWindows1252(text) : text);
  for (let start = 0; start < source.size; start += CHUNK_BYTES) {
    const bytes = await source.slice(start, Math.min(start + CHUNK_BYTES, source.size));
    yield mended(decoder.decode(bytes, { stream: true }));
  }
  yield mended(decoder.decode());
}

/** The text of a file as `decodePieces` gives it, whole. */
export async function decodeText(source: ByteSource, encoding: TextEncoding): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of decodePieces(source, encoding)) pieces.push(piece);
  return pieces.join("");
}

function markedEncoding(head: Uint8Array): TextEncoding | null {
  const [first, second, third] = head;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return null;
}

/** Without a mark: most characters of a table are ASCII (delimiters, digits, spaces), so every second byte is zero. */
function guessUtf16(head: Uint8Array): TextEncoding | null {
  const pairs = head.length >> 1;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (head[2 * pair] === 0) evenZeros++;
    if (head[2 * pair + 1] === 0) oddZeros++;
  }
  if (oddZeros > 0.4 * pairs && evenZeros < 0.05 * pairs) return "utf-16le";
  if (evenZeros > 0.4 * pairs && oddZeros < 0.05 * pairs) return "utf-16be";
  return null;
}

/** Bytes 0x80 to 0x9f of Windows-1252 (WHATWG Encoding, index-windows-1252); five have no character of their own. */
const upperControls = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** Some versions of Node decode "windows-1252" as Latin-1, which leaves control characters in place of letters. */
function mendWindows1252(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (control) => upperControls.charAt(control.charCodeAt(0) - 0x80));
}
