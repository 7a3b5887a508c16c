/** What a JSON value is in a cell: texts as they are, null as nothing, lists and objects as JSON. */
export function cellText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "object") return jsonText(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The cells of one element of a list of rows: an object by its keys, a list by place, a plain value alone. */
export function recordOf(value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.map((cell: unknown, place) => [`column ${place + 1}`, cellText(cell)]);
  if (isObject(value)) {
    // As the Hugging Face viewer gives rows: {"row_idx": 0, "row": {…}}.
    const { row } = value;
    return Object.entries(isObject(row) && "row_idx" in value ? row : value).map(([key, cell]) => [
      key,
      cellText(cell),
    ]);
  }
  return [["column 1", cellText(value)]];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonText(value: object): string {
  try {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner)) ?? "";
  } catch {
    // Nested beyond what the stack holds.
    return "";
  }
}
