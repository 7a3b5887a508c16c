import { cellText, isObject } from "./json-cells.ts";

/** Keys under which programs write the row itself, beside a key of their own. */
const envelopes: readonly (readonly [row: string, beside: readonly string[]])[] = [
  // The viewer of Hugging Face, Elasticsearch, Django.
  ["row", ["row_idx"]],
  ["_source", ["_id", "_index"]],
  ["fields", ["pk"]],
];

/** The cells of one element of a list of rows: an object by its keys, a list by place, a plain value alone. */
export function recordOf(value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.map((cell: unknown, place) => [`column ${place + 1}`, cellText(cell)]);
  if (!isObject(value)) return [["column 1", cellText(value)]];
  return Object.entries(rowWithin(value)).map(([key, cell]) => [key, cellText(plainValue(cell))]);
}

/** The row of an element: what lies in its envelope, or what was annotated or said in it; else the element itself. */
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

/** {"data": {"text": …}, "annotations": [{"result": [{"from_name": "mood", "value": {"choices": ["good"]}}]}]}, as Label Studio writes it. */
function annotated({ data, annotations }: Record<string, unknown>): Record<string, unknown> | null {
  if (!isObject(data) || !Array.isArray(annotations)) return null;
  const row = { ...data };
  const first: unknown = annotations[0];
  const results: unknown = isObject(first) ? first["result"] : [];
  for (const result of Array.isArray(results) ? (results as unknown[]) : []) {
    if (!isObject(result) || !isObject(result["value"])) continue;
    const { choices, rating } = result["value"];
    const name = typeof result["from_name"] === "string" ? result["from_name"] : "label";
    if (Array.isArray(choices)) row[name] = choices.length === 1 ? choices[0] : choices;
    else if (rating !== undefined) row[name] = rating;
  }
  return row;
}

/** {"messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}]}: columns by role, beside what else is there. */
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
