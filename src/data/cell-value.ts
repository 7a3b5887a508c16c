/** Parts of a value as Python or NumPy prints it: texts in either quotes, signs, and all that is between. */
const PART = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[[\](){},:]|[^\s[\](){},:'"]+/g;
/** A character after a backslash, or its number. */
const ESCAPE = /\\(x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|.)/gis;
const WORDS: Readonly<Record<string, string>> = { None: "null", True: "true", False: "false", nan: "null" };

/**
 * The list or object that a cell holds, as JSON, or as Python or NumPy prints it: tuples are lists, and NumPy puts no
 * commas between entries. Undefined where the cell is neither.
 */
export function cellValue(cell: string): unknown {
  if (!/^\s*[[({]/.test(cell)) return undefined;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    // Then it is Python's.
  }
  try {
    return JSON.parse(asJson(cell)) as unknown;
  } catch {
    return undefined;
  }
}

function asJson(cell: string): string {
  let json = "";
  let needsComma = false;
  for (const [part] of cell.matchAll(PART)) {
    const opens = /^[[({]$/.test(part);
    const closes = /^[\])}]$/.test(part);
    const isBetween = part === "," || part === ":";
    // A tuple of one value ends in a comma, and so may a list.
    if (closes && json.endsWith(",")) json = json.slice(0, -1);
    if (needsComma && !closes && !isBetween) json += ",";
    json += opens ? (part === "{" ? "{" : "[") : closes ? (part === "}" ? "}" : "]") : isBetween ? part : scalar(part);
    needsComma = !opens && !isBetween;
  }
  return json;
}

function scalar(part: string): string {
  if (/^['"]/.test(part)) {
    const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
    const text = part.slice(1, -1).replace(ESCAPE, (_, sign: string) => {
      return sign.length > 1 ? String.fromCodePoint(parseInt(sign.slice(1), 16)) : (escapes[sign] ?? sign);
    });
    return JSON.stringify(text);
  }
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part)) return String(Number(part));
  return WORDS[part] ?? JSON.stringify(part);
}
