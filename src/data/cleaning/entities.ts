import { decodeHTML, replaceCodePoint } from "entities/decode";

/** A reference to a character: by its number, or by a name of up to 32 characters, as Python's html module reads them. */
const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;

/** Decodes references to characters once, as Python's `html.unescape` does: "&amp;lt;" becomes "&lt;". */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(REFERENCE, (reference) =>
    reference.startsWith("&#") ? numbered(reference.slice(2)) : decodeHTML(reference),
  );
}

/** WHATWG HTML, numeric character reference end state; what is no character there is left out, as in Python. */
function numbered(digits: string): string {
  const code = /^[xX]/.test(digits) ? parseInt(digits.slice(1), 16) : parseInt(digits, 10);
  if (code === 0x0d) return "\r";
  const isControl = (code > 0 && code < 0x20 && !(code >= 0x09 && code <= 0x0a) && code !== 0x0c) || code === 0x7f;
  const isNoCharacter = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
  return isControl || isNoCharacter ? "" : String.fromCodePoint(replaceCodePoint(code));
}
