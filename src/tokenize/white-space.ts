/**
 * White space as the Rust library knows it (Unicode's White_Space), as an entry of a character class. JavaScript's `\s`
 * takes the byte order mark for a space, and does not take U+0085 for one.
 */
export const WHITE_SPACE = "\\p{White_Space}";

const spaces = new RegExp(`^${WHITE_SPACE}$`, "u");

/** Whether the UTF-16 unit at a place of a text is white space; all white space is within 16 bits. */
export function isSpaceAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return spaces.test(text.charAt(at));
}
