import { isObject, type JsonObject } from "../io/json-object.ts";

/** Ids by token of a tokenizer.json, from its model; added tokens have the model's id where it has one. */
export function vocabularyIds(json: JsonObject): Map<string, number> {
  const vocab = isObject(json.model) ? json.model.vocab : null;
  const ids = new Map<string, number>();
  if (Array.isArray(vocab)) {
    // Unigram's pieces with their scores.
    for (const [id, entry] of (vocab as unknown[]).entries()) if (Array.isArray(entry)) ids.set(String(entry[0]), id);
  } else if (isObject(vocab)) {
    for (const [token, id] of Object.entries(vocab)) if (typeof id === "number") ids.set(token, id);
  }
  return withAdded(ids, json);
}

/** The same for ids of the model that are known already. */
export function withAdded(vocabulary: ReadonlyMap<string, number>, json: JsonObject): Map<string, number> {
  const ids = new Map(vocabulary);
  for (const added of Array.isArray(json.added_tokens) ? (json.added_tokens as unknown[]) : []) {
    if (!isObject(added) || typeof added.id !== "number" || typeof added.content !== "string") continue;
    if (!ids.has(added.content)) ids.set(added.content, added.id);
  }
  return ids;
}
