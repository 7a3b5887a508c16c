import { isObject } from "../io/json-object.ts";
import { cellValue } from "./cell-value.ts";

/** A stretch of a text with a label: code points `start` to `end`, without the end. */
export interface LabelledSpan {
  start: number;
  end: number;
  label: string;
  /** The text between both, where the file repeats it. */
  text?: string;
}

/** Keys under which programs write the parts of a span. */
const STARTS = ["start", "begin", "start_offset", "startOffset", "start_char", "from", "offset"];
const ENDS = ["end", "stop", "end_offset", "endOffset", "end_char", "to"];
const LABELS = ["label", "labels", "entity_group", "entity", "entity_type", "type", "tag", "class", "category", "name"];
/** Keys of an object that holds the spans of a text, as in spaCy's older training data. */
const HOLDERS = ["entities", "spans", "labels", "ents"];

/**
 * The spans that a cell lists: as lists [start, end, label] or [label, start, end], or as objects with these parts under
 * the names that doccano, Label Studio, spaCy, Prodigy and others give them. Null where the cell lists something else.
 */
export function spansOfCell(cell: string): LabelledSpan[] | null {
  const value = cellValue(cell);
  const list = isObject(value) ? HOLDERS.map((key) => value[key]).find(Array.isArray) : value;
  if (!Array.isArray(list)) return null;
  const spans: LabelledSpan[] = [];
  for (const entry of list as unknown[]) {
    const span = Array.isArray(entry) ? ofList(entry) : isObject(entry) ? ofObject(entry) : null;
    if (span === null) return null;
    spans.push(span);
  }
  return spans;
}

function ofList(entry: readonly unknown[]): LabelledSpan | null {
  const [first, second, third] = entry;
  if (typeof first === "string") return made(second, third, first);
  return made(first, second, third);
}

function ofObject(entry: Record<string, unknown>): LabelledSpan | null {
  const under = (keys: readonly string[]) => keys.map((key) => entry[key]).find((part) => part !== undefined);
  const start = under(STARTS);
  const { length } = entry;
  const end = under(ENDS) ?? (typeof start === "number" && typeof length === "number" ? start + length : undefined);
  const span = made(start, end, under(LABELS));
  const { text } = entry;
  return span && typeof text === "string" && text !== "" ? { ...span, text } : span;
}

/** A span of these parts; null where they are none. A label in a list is the first of it. */
function made(start: unknown, end: unknown, label: unknown): LabelledSpan | null {
  const own: unknown = Array.isArray(label) ? label[0] : label;
  const name = typeof own === "number" ? String(own) : own;
  if (typeof name !== "string" || name === "") return null;
  const [from, to] = [start, end].map((place) => (typeof place === "string" && place !== "" ? Number(place) : place));
  if (!Number.isInteger(from) || !Number.isInteger(to)) return null;
  return { start: from as number, end: to as number, label: name };
}

/**
 * Spans in code points, where those of a program count otherwise: a span whose text is repeated in the file is found by it,
 * where its places count UTF-16 units, as in JavaScript, or bytes. One that is found by none of these is left as it is.
 *
 * @param characters of the text, a code point each
 */
export function inCodePoints(spans: readonly LabelledSpan[], characters: readonly string[]): LabelledSpan[] {
  const isPlain = (span: LabelledSpan) => span.text === undefined || isAt(characters, span.start, span.end, span.text);
  if (spans.every(isPlain)) return [...spans];
  const counts = [(one: string) => one.length, (one: string) => new TextEncoder().encode(one).length];
  const places = counts.map((sizeOf) => {
    const placeOf = new Map([[0, 0]]);
    let before = 0;
    characters.forEach((one, place) => placeOf.set((before += sizeOf(one)), place + 1));
    return placeOf;
  });
  return spans.map((span) => {
    if (isPlain(span)) return span;
    for (const placeOf of places) {
      const [start, end] = [placeOf.get(span.start), placeOf.get(span.end)];
      const isFound = start !== undefined && end !== undefined && isAt(characters, start, end, span.text ?? "");
      if (isFound) return { ...span, start, end };
    }
    return span;
  });
}

function isAt(characters: readonly string[], start: number, end: number, text: string): boolean {
  return start >= 0 && characters.slice(start, end).join("").trim() === text.trim();
}
