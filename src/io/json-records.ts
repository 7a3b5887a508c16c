import { isObject } from "./json-object.ts";

/** Keys under which programs put the row, next to keys of their own. */
const envelopes: readonly (readonly [row: string, beside: readonly string[]])[] = [
  // The viewer of Hugging Face, Elasticsearch, Django.
  ["row", ["row_idx"]],
  ["_source", ["_id", "_index"]],
  ["fields", ["pk"]],
];

/** The cells of one element of a list of rows: an object by its keys, a list by place, or one plain value. */
export function recordOf(value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.map((cell: unknown, place) => [`column ${place + 1}`, cellText(cell)]);
  if (!isObject(value)) return [["column 1", cellText(value)]];
  return Object.entries(rowWithin(value)).map(([key, cell]) => [key, cellText(plainValue(cell))]);
}

/** The row of an element: the content of its envelope, its annotations or its messages; else the element itself. */
export function rowWithin(value: Record<string, unknown>): Record<string, unknown> {
  for (const [key, beside] of envelopes) {
    const row = value[key];
    if (isObject(row) && beside.some((other) => other in value)) return row;
  }
  return annotated(value) ?? conversation(value) ?? value;
}

/** MongoDB writes numbers and ids as {"$numberInt": "5"}. */
function plainValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  const [only, ...others] = Object.entries(value);
  return only !== undefined && others.length === 0 && /^\$(oid|number\w+|date)$/.test(only[0]) ? only[1] : value;
}

/**
 * {"data": {"text": …}, "annotations": [{"result": [{"from_name": "mood", "value": {"choices": ["good"]}}]}]}, as Label
 * Studio writes it; marked stretches of the text are a list under their name.
 */
function annotated({ data, annotations }: Record<string, unknown>): Record<string, unknown> | null {
  if (!isObject(data) || !Array.isArray(annotations)) return null;
  const row = { ...data };
  const first: unknown = annotations[0];
  const results: unknown = isObject(first) ? first["result"] : [];
  for (const result of Array.isArray(results) ? (results as unknown[]) : []) {
    if (!isObject(result) || !isObject(result["value"])) continue;
    const { choices, rating, start, end, labels, text } = result["value"];
    const name = typeof result["from_name"] === "string" ? result["from_name"] : "label";
    if (start !== undefined && Array.isArray(labels)) {
      const marked: unknown = row[name];
      row[name] = [...(Array.isArray(marked) ? (marked as unknown[]) : []), { start, end, text, labels }];
    } else if (Array.isArray(choices)) row[name] = choices.length === 1 ? choices[0] : choices;
    else if (rating !== undefined) row[name] = rating;
  }
  return row;
}

/** {"messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}]}: a column per role, and the other keys. */
function conversation({ messages, ...others }: Record<string, unknown>): Record<string, unknown> | null {
  if (!Array.isArray(messages) || messages.length < 2) return null;
  const said = messages.flatMap((one: unknown) =>
    isObject(one) && typeof one["role"] === "string" && typeof one["content"] === "string"
      ? [[one["role"], one["content"]] as const]
      : [],
  );
  const row = Object.fromEntries(said);
  const isOneEach = said.length === messages.length && Object.keys(row).length === said.length;
  return isOneEach ? { ...others, ...row } : null;
}

/** A JSON value as a cell: texts as they are, null empty, lists and objects as JSON. */
export function cellText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "object") return jsonText(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function jsonText(value: object): string {
  try {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner)) ?? "";
  } catch {
    // The value is nested too deeply for the stack.
    return "";
  }
}

/** One value of a JSON text; `line` is the line (1-based) at which it begins. */
interface JsonElement {
  text: string;
  line: number;
}

/**
 * Cuts the elements of a list, or consecutive values, out of a JSON text that comes in pieces, so that only one of them
 * is in memory at a time.
 */
export class JsonElements {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private line = 1;
  private startLine = 1;
  private parts: string[] = [];
  /** Whether an element has begun. */
  private open = false;
  private started = false;

  /** @param level 1 for the elements of a list, 0 for consecutive values */
  constructor(private readonly level: 0 | 1) {}

  /** True once the list is closed, or no value is open. */
  get isComplete(): boolean {
    return this.depth === 0 && !this.inString && !this.open;
  }

  *push(piece: string): Generator<JsonElement, undefined> {
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === 10) this.line++;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (code === 92) this.escaped = true;
        else if (code === 34) this.inString = false;
        continue;
      }
      if (code === 32 || code === 10 || code === 13 || code === 9) continue;
      const opens = code === 91 || code === 123;
      const closes = code === 93 || code === 125;
      if (closes) this.depth--;
      const ends = this.open && ((code === 44 && this.depth === this.level) || (closes && this.depth <= this.level));
      if (ends) {
        // A bracket at the level itself closes the element, one below it the list.
        const end = closes && this.depth === this.level ? at + 1 : at;
        this.parts.push(piece.slice(from, end));
        yield { text: this.parts.join(""), line: this.startLine };
        this.parts = [];
        this.open = false;
      } else if (!this.open && !closes && code !== 44 && (this.started || this.level === 0)) {
        this.open = true;
        this.startLine = this.line;
        from = at;
      }
      if (code === 34) this.inString = true;
      if (opens) {
        this.depth++;
        this.started = true;
      }
    }
    if (this.open) this.parts.push(piece.slice(from));
  }
}
