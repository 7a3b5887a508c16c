/** Bits of a unit of the double-array trie (darts-clone, which SentencePiece stores its maps in). */
const LEAF = 1 << 8;
const LABEL = 0x8000_00ff | 0;
const VALUE = 0x7fff_ffff;

/** A grapheme of at least this number of bytes is looked up character by character. */
const LONG_GRAPHEME = 6;

/** Characters that may belong to the grapheme before or after them; no list of exact rules, for others cut it then. */
const JOINS_PREVIOUS = /[\p{M}\p{Grapheme_Extend}\p{Emoji_Modifier}\u200c\u200d\u0e33\u0eb3]/u;
const JOINS_NEXT = /[\r\u0d4e\p{Cf}]/u;
const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * SentencePiece's map of characters ("Precompiled" in tokenizer.json) as the Rust library applies it (crate
 * spm_precompiled), which is not how SentencePiece does: it goes by grapheme; a grapheme under six bytes is replaced by
 * what the shortest of its beginnings in the map stands for, a longer one is replaced character by character.
 */
export class Charsmap {
  private readonly trie: Int32Array;
  private readonly normalized: Uint8Array;
  /** What each character alone becomes, by code point. */
  private readonly known = new Map<number, string>();
  private readonly keepsPrintable: boolean;
  private readonly segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder();

  /** @param base64 the field `precompiled_charsmap`; throws where it is not one */
  constructor(base64: string) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const size = view.getUint32(0, true);
    this.trie = Int32Array.from({ length: size >> 2 }, (_, i) => view.getInt32(4 + 4 * i, true));
    this.normalized = bytes.subarray(4 + size);
    const printable = Array.from({ length: 0x5f }, (_, i) => 0x20 + i);
    this.keepsPrintable = printable.every((code) => this.ofCharacter(code) === String.fromCharCode(code));
  }

  normalize(text: string): string {
    if (this.keepsPrintable && PRINTABLE.test(text)) return text;
    let normalized = "";
    this.replace(text, (made) => (normalized += made));
    return normalized;
  }

  /** The parts of a text in order, graphemes or characters, and what each becomes, which may be the same or nothing. */
  replaced(text: string): { old: string; made: string }[] {
    const parts: { old: string; made: string }[] = [];
    let from = 0;
    this.replace(text, (made, to) => {
      parts.push({ old: text.slice(from, to), made });
      from = to;
    });
    return parts;
  }

  /** Gives what each part of a text becomes, and where the part ends. */
  private replace(text: string, give: (made: string, to: number) => void): void {
    for (let at = 0; at < text.length;) {
      const code = text.codePointAt(at) ?? 0;
      const next = at + (code > 0xffff ? 2 : 1);
      if (next === text.length || !mayJoin(code, text.codePointAt(next) ?? 0)) {
        give(this.ofCharacter(code), next);
        at = next;
        continue;
      }
      const { segment } = this.segmenter.segment(text.slice(at)).containing(0) ?? { segment: text.slice(at, next) };
      const bytes = this.encoder.encode(segment);
      const whole = bytes.length < LONG_GRAPHEME ? this.lookUp(bytes) : null;
      const end = at + segment.length;
      if (whole !== null) give(whole, end);
      else {
        for (const character of segment)
          give(this.ofCharacter(character.codePointAt(0) ?? 0), (at += character.length));
      }
      at = end;
    }
  }

  private ofCharacter(code: number): string {
    let found = this.known.get(code);
    if (found === undefined) {
      const character = String.fromCodePoint(code);
      found = this.lookUp(this.encoder.encode(character)) ?? character;
      this.known.set(code, found);
    }
    return found;
  }

  /** What the shortest key that these bytes begin with stands for, or null. */
  private lookUp(bytes: Uint8Array): string | null {
    let unit = this.trie[0] ?? 0;
    let node = offsetOf(unit);
    for (const byte of bytes) {
      if (byte === 0) return null;
      node ^= byte;
      unit = this.trie[node] ?? 0;
      if ((unit & LABEL) !== byte) return null;
      node ^= offsetOf(unit);
      if ((unit & LEAF) === 0) continue;
      const from = (this.trie[node] ?? 0) & VALUE;
      const end = this.normalized.indexOf(0, from);
      return this.decoder.decode(this.normalized.subarray(from, end < 0 ? undefined : end));
    }
    return null;
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & (1 << 9)) >> 6);
}

/** Whether two characters may be one grapheme; those that only make long ones do not matter. */
function mayJoin(code: number, next: number): boolean {
  if (code < 0x80 && next < 0x80) return code === 0x0d && next === 0x0a;
  return (
    (next >= 0x300 && JOINS_PREVIOUS.test(String.fromCodePoint(next))) ||
    (code >= 0xad && JOINS_NEXT.test(String.fromCodePoint(code)))
  );
}
