import type { ByteSource } from "./byte-source.ts";
import { decodePieces } from "./decode.ts";
import { TextColumn } from "./text-column.ts";

/** Number of columns read from a sheet; Excel has no more. */
const MOST_COLUMNS = 16_384;
/** The largest number of cells, empty ones included: a small sheet can have a cell far to the right in each row. */
const MOST_CELLS = 50_000_000;

/** Reads the cells of a workbook's sheets as texts. */
export class SheetReader {
  private cellCount = 0;

  private constructor(
    private readonly strings: TextColumn,
    /** Whether a style shows its numbers as dates [styles]. */
    private readonly dateStyles: readonly ("date" | "time" | null)[],
    private readonly usesDates1904: boolean,
  ) {}

  static async open(
    strings: ByteSource | undefined,
    styles: ByteSource | undefined,
    usesDates1904: boolean,
  ): Promise<SheetReader> {
    const shared = strings === undefined ? new TextColumn() : await readStrings(strings);
    return new SheetReader(shared, styles === undefined ? [] : await readStyles(styles), usesDates1904);
  }

  /** The rows of a sheet that have cells, with their numbers (1-based); cells left of a filled one are empty. */
  async *rows(sheet: ByteSource): AsyncGenerator<{ cells: string[]; row: number }, undefined> {
    let row = 0;
    let cells: string[] = [];
    let column = -1;
    let type = "";
    let style = 0;
    let value = "";
    let inPhonetic = false;
    for await (const tag of eachTag(sheet)) {
      const { name, isEnd, isEmpty } = tag;
      if (name === "rPh") inPhonetic = !isEnd && !isEmpty;
      else if (name === "row") {
        if (!isEnd) {
          row = Number(attribute(tag, "r") ?? row + 1);
          cells = [];
          column = -1;
        }
        if ((isEnd || isEmpty) && cells.length > 0) yield { cells, row };
      } else if (name === "c") {
        if (!isEnd) {
          const place = columnOf(attribute(tag, "r"));
          column = place ?? column + 1;
          type = attribute(tag, "t") ?? "n";
          style = Number(attribute(tag, "s") ?? 0);
          value = "";
        }
        if ((isEnd || isEmpty) && column < MOST_COLUMNS) {
          this.cellCount += Math.max(1, column + 1 - cells.length);
          if (this.cellCount > MOST_CELLS) throw new Error("the sheet has too many cells");
          while (cells.length < column) cells.push("");
          cells[column] = this.cellText(type, style, value);
        }
      } else if ((name === "v" || (name === "t" && !inPhonetic)) && !isEnd) value += textOf(tag.text);
    }
  }

  private cellText(type: string, style: number, value: string): string {
    if (type === "s") return this.strings.at(Number(value)) ?? "";
    if (type === "b") return value === "1" ? "true" : value === "0" ? "false" : value;
    if (type === "d" || type === "str" || type === "inlineStr") return value;
    if (type === "e") return value;
    const number = Number(value);
    if (value === "" || !Number.isFinite(number)) return value;
    const kind = this.dateStyles[style] ?? null;
    // 0.1 + 0.2 is stored as 0.30000000000000004 and shown as 0.3.
    if (kind === null) return String(Number(number.toPrecision(15)));
    return dateText(number, kind, this.usesDates1904);
  }
}

async function readStrings(source: ByteSource): Promise<TextColumn> {
  const strings = new TextColumn();
  let text = "";
  let inPhonetic = false;
  for await (const tag of eachTag(source)) {
    if (tag.name === "rPh") inPhonetic = !tag.isEnd && !tag.isEmpty;
    else if (tag.name === "t" && !tag.isEnd && !inPhonetic) text += textOf(tag.text);
    else if (tag.name === "si" && (tag.isEnd || tag.isEmpty)) {
      strings.push(text);
      text = "";
    }
  }
  strings.seal();
  return strings;
}

/** Which styles show dates: built-in formats 14 to 22 and 45 to 47, and formats made of the letters of a date. */
async function readStyles(source: ByteSource): Promise<("date" | "time" | null)[]> {
  const custom = new Map<number, string>();
  const styles: ("date" | "time" | null)[] = [];
  let inCellStyles = false;
  for await (const tag of eachTag(source)) {
    if (tag.name === "numFmt" && !tag.isEnd) {
      custom.set(Number(attribute(tag, "numFmtId")), textOf(attribute(tag, "formatCode") ?? ""));
    } else if (tag.name === "cellXfs") inCellStyles = !tag.isEnd;
    else if (tag.name === "xf" && inCellStyles && !tag.isEnd) {
      const id = Number(attribute(tag, "numFmtId") ?? 0);
      styles.push(dateKind(id, custom.get(id)));
    }
  }
  return styles;
}

function dateKind(id: number, code: string | undefined): "date" | "time" | null {
  if (code !== undefined) {
    const plain = code.replace(/"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]/gi, "");
    if (/general/i.test(plain)) return null;
    if (/[yd]/i.test(plain)) return "date";
    return /[hs]/i.test(plain) ? "time" : null;
  }
  if (id >= 14 && id <= 17) return "date";
  if (id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return "date";
  return (id >= 18 && id <= 21) || (id >= 45 && id <= 47) ? "time" : null;
}

/** A date in ISO 8601, without a time of midnight. Days count from 1899-12-30, or from 1904-01-01. */
function dateText(days: number, kind: "date" | "time", usesDates1904: boolean): string {
  const epoch = usesDates1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const milliseconds = epoch + Math.round(days * 86_400) * 1000;
  if (Math.abs(milliseconds) > 8.64e15) return String(days);
  const text = new Date(milliseconds).toISOString();
  if (kind === "time" && days < 1) return text.slice(11, 19);
  return days % 1 === 0 ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
}

/** The column (from 0) of a cell such as "AB12". */
function columnOf(place: string | undefined): number | undefined {
  const letters = place === undefined ? null : /^[A-Z]{1,3}/i.exec(place)?.[0];
  if (letters === undefined || letters === null) return undefined;
  return [...letters.toUpperCase()].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** A tag and the text that follows it, up to the next. */
interface XmlTag {
  /** Name without its prefix. */
  name: string;
  isEnd: boolean;
  /** Whether the tag closes itself, as in `<c r="A1"/>`. */
  isEmpty: boolean;
  attributes: string;
  /** The text as in the file, entities included. */
  text: string;
}

/** The longest tag with its text, in characters, that a workbook can have. */
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

/** A text of the file with entities replaced, including Excel's `_x000D_`. */
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
