import type { ByteSource } from "./byte-source.ts";
import { decodePieces } from "./decode.ts";

/** A tag and the text that follows it, up to the next. */
interface XmlTag {
  /** Without a prefix. */
  name: string;
  isEnd: boolean;
  /** Closed within itself, as `<c r="A1"/>`. */
  isEmpty: boolean;
  attributes: string;
  /** As it stands in the file, with its entities. */
  text: string;
}

/** Characters of a tag with the text behind it beyond which a file is no workbook. */
const LONGEST_TAG = 50_000_000;

/** The tags of an XML file in UTF-8, piece by piece; comments, declarations and instructions are left out. */
export async function* eachTag(source: ByteSource): AsyncGenerator<XmlTag, undefined> {
  let rest = "";
  for await (const piece of decodePieces(source, { encoding: "utf-8", fallback: null }, { pieceBytes: 1 << 20 })) {
    rest += piece;
    let at = rest.indexOf("<");
    if (at < 0) continue;
    for (let next = rest.indexOf("<", at + 1); next >= 0; next = rest.indexOf("<", at + 1)) {
      const tag = tagOf(rest.slice(at, next));
      at = next;
      if (tag !== null) yield tag;
    }
    rest = rest.slice(at);
    if (rest.length > LONGEST_TAG) throw new Error("a tag is too long");
  }
  const last = tagOf(rest);
  if (last !== null) yield last;
}

const tagPattern = /^<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/;

function tagOf(text: string): XmlTag | null {
  const found = tagPattern.exec(text);
  if (found === null) return null;
  const [whole, end = "", name = "", attributes = "", empty = ""] = found;
  return { name, isEnd: end !== "", isEmpty: empty !== "", attributes, text: text.slice(whole.length) };
}

/** The value of an attribute with its entities, or undefined. */
export function attribute(tag: XmlTag, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag.attributes);
  return found?.[1] ?? found?.[2];
}

const entities: Record<string, string | undefined> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** A text of the file with its entities replaced, Excel's `_x000D_` as well. */
export function textOf(raw: string): string {
  const text = raw.includes("&")
    ? raw.replace(
        /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
        (whole, hex?: string, decimal?: string, name?: string) => {
          if (name !== undefined) return entities[name] ?? whole;
          const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
          return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
        },
      )
    : raw;
  return text.includes("_x")
    ? text.replace(/_x([\dA-F]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}
