/** The printable characters that byte-level vocabularies write each byte as, `[256]` (Radford and others 2019). */
const byteCharacters: readonly string[] = (() => {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
})();

const encoder = new TextEncoder();

/** A text with each of its UTF-8 bytes written as a printable character. */
export function inByteCharacters(text: string): string {
  let written = "";
  for (const byte of encoder.encode(text)) written += byteCharacters[byte] ?? "";
  return written;
}

/** Ids of the tokens `<0x00>` to `<0xFF>`, `[256]`; null where the vocabulary lacks one. */
export function byteTokens(vocabulary: ReadonlyMap<string, number>): Int32Array | null {
  const ids = Array.from({ length: 256 }, (_, byte) =>
    vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  );
  return ids.includes(undefined) ? null : Int32Array.from(ids, (id) => id ?? 0);
}

const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

/** The bytes that a token of a byte-level vocabulary stands for; those of an added token in other characters are left out. */
export function bytesOf(token: string): number[] {
  return [...token].map((character) => byteOf.get(character)).filter((byte) => byte !== undefined);
}
