/** What a JSON value is in a cell: texts as they are, null as nothing, lists and objects as JSON. */
export function cellText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "object") return jsonText(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
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
