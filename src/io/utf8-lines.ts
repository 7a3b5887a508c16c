/** What the bytes of one line are, judged as UTF-8. */
interface LineBytes {
  /** Characters of several bytes that are valid UTF-8. */
  valid: number;
  /** Bytes that cannot be UTF-8 but may be a letter of another encoding. */
  foreign: number;
  /** Characters that are cut off after their first bytes, and bytes that no text has. */
  cut: number;
}

/**
 * Judges lines byte by byte, strictly (no overlong forms, no surrogates), over any number of pieces. Lines end with
 * "\n" or "\r".
 */
export class Utf8Judge {
  private line: LineBytes = { valid: 0, foreign: 0, cut: 0 };
  /** Continuation bytes still due, and those seen, of the character being read. */
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

  /** The counts of the line that ended; begins the next. */
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

/** True for a line that is better read in another encoding than as UTF-8 with a damaged character. */
export function isForeign({ valid, foreign, cut }: LineBytes): boolean {
  const wrong = foreign + cut;
  return (foreign > 0 && foreign >= valid) || (wrong >= 3 && wrong >= 0.25 * valid);
}
