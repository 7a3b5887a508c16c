import type { ByteSource } from "./byte-source.ts";

/** How to decode the bytes of a file. */
export interface Decoding {
  encoding: string;
  /** The encoding of single lines that are not UTF-8 in a UTF-8 file; null where there are none. */
  fallback: string | null;
}

/** Number of bytes read at a time. */
export const PIECE_BYTES = 4 << 20;

/** The pieces of a file, in order. */
export async function* bytePieces(source: ByteSource, pieceBytes = PIECE_BYTES): AsyncGenerator<Uint8Array, undefined> {
  for (let start = 0; start < source.size; start += pieceBytes) {
    yield await source.slice(start, Math.min(start + pieceBytes, source.size));
  }
}

/**
 * The text of a file, piece by piece and without byte order marks; bytes that the encoding does not allow become U+FFFD.
 * `onForeign` gets the number (1-based) of each line that was decoded by the fallback.
 */
export async function* decodePieces(
  source: ByteSource,
  { encoding, fallback }: Decoding,
  {
    pieceBytes = PIECE_BYTES,
    onForeign,
  }: { pieceBytes?: number; onForeign?: ((line: number) => void) | undefined } = {},
): AsyncGenerator<string, undefined> {
  const decoder = fallback === null ? streamDecoder(encoding) : new LineDecoder(fallback, onForeign);
  let isFirst = true;
  const unmarked = (text: string): string => {
    if (!isFirst || text === "") return text;
    const rest = text.replace(/^\ufeff+/, "");
    isFirst = rest === "";
    return rest;
  };
  for await (const bytes of bytePieces(source, pieceBytes)) yield unmarked(decoder.push(bytes));
  yield unmarked(decoder.end());
}

/** Decodes bytes; with `fatal` it throws for bytes that the encoding does not allow. */
export function decodeBytes(bytes: Uint8Array, encoding: string, { fatal = false } = {}): string {
  if (encoding.startsWith("utf-32")) {
    const decoder = new Utf32Decoder(encoding === "utf-32le");
    return decoder.push(bytes) + decoder.end();
  }
  const text = new TextDecoder(encoding, { fatal, ignoreBOM: true }).decode(bytes);
  return encoding === "windows-1252" ? mendWindows1252(text) : text;
}

interface Decoder {
  push(bytes: Uint8Array): string;
  end(): string;
}

function streamDecoder(encoding: string): Decoder {
  if (encoding.startsWith("utf-32")) return new Utf32Decoder(encoding === "utf-32le");
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const mended = (text: string) => (encoding === "windows-1252" ? mendWindows1252(text) : text);
  return {
    push: (bytes) => mended(decoder.decode(bytes, { stream: true })),
    end: () => mended(decoder.decode()),
  };
}

/** Decodes UTF-8 line by line, and lines in another encoding by that. */
class LineDecoder implements Decoder {
  /** The bytes of the line that has not ended. */
  private parts: Uint8Array[] = [];
  private line = 1;
  private lastByte = 0;
  private readonly strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(
    private readonly fallback: string,
    private readonly onForeign: ((line: number) => void) | undefined,
  ) {}

  push(bytes: Uint8Array): string {
    const end = Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d)) + 1;
    if (end === 0) {
      this.parts.push(bytes);
      return "";
    }
    const whole = joined([...this.parts, bytes.subarray(0, end)]);
    this.parts = end < bytes.length ? [bytes.subarray(end)] : [];
    return this.decode(whole);
  }

  end(): string {
    const rest = joined(this.parts);
    this.parts = [];
    return this.decode(rest);
  }

  private decode(bytes: Uint8Array): string {
    const texts: string[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      const startsLine = this.lastByte === 0x0a || this.lastByte === 0x0d;
      if (startsLine && !(byte === 0x0a && this.lastByte === 0x0d)) this.line++;
      this.lastByte = byte;
      if (byte !== 0x0a && byte !== 0x0d && at !== bytes.length - 1) continue;
      texts.push(this.decodeLine(bytes.subarray(start, at + 1)));
      start = at + 1;
    }
    return texts.join("");
  }

  private decodeLine(bytes: Uint8Array): string {
    try {
      return this.strict.decode(bytes);
    } catch {
      const judge = new Utf8Judge();
      for (const byte of bytes) judge.push(byte);
      if (!isForeign(judge.take())) return decodeBytes(bytes, "utf-8");
      this.onForeign?.(this.line);
      return decodeBytes(bytes, this.fallback);
    }
  }
}

/** UTF-32, which TextDecoder does not know. */
class Utf32Decoder implements Decoder {
  private rest = new Uint8Array(0);

  constructor(private readonly littleEndian: boolean) {}

  push(bytes: Uint8Array): string {
    const all = joined([this.rest, bytes]);
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
    const texts: string[] = [];
    let at = 0;
    for (; at + 4 <= all.length; at += 4) {
      const code = view.getUint32(at, this.littleEndian);
      texts.push(code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? "\ufffd" : String.fromCodePoint(code));
    }
    this.rest = all.slice(at);
    return texts.join("");
  }

  end(): string {
    return this.rest.length === 0 ? "" : "\ufffd";
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Bytes 0x80 to 0x9f of Windows-1252 (WHATWG Encoding, index-windows-1252); five have no character of their own. */
const upperControls = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** Some versions of Node decode "windows-1252" as Latin-1, which leaves control characters in place of letters. */
function mendWindows1252(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (control) => upperControls.charAt(control.charCodeAt(0) - 0x80));
}

/** Counts of the bytes of one line, read as UTF-8. */
interface LineBytes {
  /** Valid characters of more than one byte. */
  valid: number;
  /** Bytes that are not UTF-8 but may be a letter in another encoding. */
  foreign: number;
  /** Characters cut off after their first bytes, and bytes that no text has. */
  cut: number;
}

/**
 * Judges lines byte by byte, strictly (no overlong forms, no surrogates), over any number of pieces. Lines end with
 * "\n" or "\r".
 */
export class Utf8Judge {
  private line: LineBytes = { valid: 0, foreign: 0, cut: 0 };
  /** Continuation bytes still expected, and those seen, of the character being read. */
  private due = 0;
  private seen = 0;
  private lowest = 0x80;
  private highest = 0xbf;

  /** Takes the next byte; true when it ends a line, whose counts `take` then gives. */
  push(byte: number): boolean {
    if (this.due > 0) {
      if (byte >= this.lowest && byte <= this.highest) {
        this.lowest = 0x80;
        this.highest = 0xbf;
        this.seen++;
        if (--this.due === 0) this.line.valid++;
        return false;
      }
      this.breakOff();
    }
    if (byte < 0x80) return byte === 0x0a || byte === 0x0d;
    if (byte >= 0xc2 && byte <= 0xf4) {
      this.due = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      this.seen = 0;
      if (byte === 0xe0) this.lowest = 0xa0;
      else if (byte === 0xf0) this.lowest = 0x90;
      if (byte === 0xed) this.highest = 0x9f;
      else if (byte === 0xf4) this.highest = 0x8f;
    } else if (byte >= 0xfe) this.line.cut++;
    else this.line.foreign++;
    return false;
  }

  /** Returns the counts of the line that ended, and begins the next. */
  take(): LineBytes {
    if (this.due > 0) this.breakOff();
    const { line } = this;
    this.line = { valid: 0, foreign: 0, cut: 0 };
    return line;
  }

  private breakOff(): void {
    if (this.seen > 0) this.line.cut++;
    else this.line.foreign++;
    this.due = 0;
    this.lowest = 0x80;
    this.highest = 0xbf;
  }
}

/** Whether a line is more likely in another encoding than UTF-8 with a damaged character. */
export function isForeign({ valid, foreign, cut }: LineBytes): boolean {
  const wrong = foreign + cut;
  return (foreign > 0 && foreign >= valid) || (wrong >= 3 && wrong >= 0.25 * valid);
}
