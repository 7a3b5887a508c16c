import { isObject } from "./json-object.ts";

/** Names of the classes of a column, by number; for a structure, those of its fields. */
export type ClassNames = { names: readonly string[] } | { fields: ReadonlyMap<string, ClassNames> };

/**
 * Class names by column, from what the Hugging Face library writes into a Parquet file's metadata under
 * "huggingface": {"info": {"features": {"label": {"names": […], "_type": "ClassLabel"}}}}.
 */
export function classNames(json: string | undefined): Map<string, ClassNames> {
  if (json === undefined) return new Map();
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return new Map();
  }
  const info = isObject(value) ? value["info"] : null;
  return classesOfFeatures(isObject(info) ? info["features"] : null);
}

/** Class names by column, from features by name or from a list of names and types, as Hugging Face's viewer has them. */
export function classesOfFeatures(features: unknown): Map<string, ClassNames> {
  const classes = new Map<string, ClassNames>();
  const entries = Array.isArray(features)
    ? features.flatMap((one: unknown): [string, unknown][] =>
        isObject(one) && typeof one["name"] === "string" ? [[one["name"], one["type"]]] : [],
      )
    : Object.entries(isObject(features) ? features : {});
  for (const [name, feature] of entries) {
    const names = namesOf(feature);
    if (names !== null) classes.set(name, names);
  }
  return classes;
}

/** The class names of a feature: a ClassLabel, a list of them, or a structure that has some. */
function namesOf(feature: unknown): ClassNames | null {
  if (Array.isArray(feature)) return namesOf(feature[0]);
  if (!isObject(feature)) return null;
  const { names, feature: inner, _type: type } = feature;
  if (Array.isArray(names) && type === "ClassLabel") return { names: names.map(String) };
  if (inner !== undefined) return namesOf(inner);
  if (typeof type === "string") return null;
  const fields = new Map<string, ClassNames>();
  for (const [name, one] of Object.entries(feature)) {
    const ofField = namesOf(one);
    if (ofField !== null) fields.set(name, ofField);
  }
  return fields.size > 0 ? { fields } : null;
}

/** A value whose class numbers are replaced by names; -1, which the library writes for no class, becomes null. */
export function withNames(value: unknown, classes: ClassNames | null): unknown {
  if (classes === null || value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((one) => withNames(one, classes));
  if ("names" in classes) {
    if (typeof value !== "number") return value;
    return value === -1 ? null : (classes.names[value] ?? value);
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withNames(inner, classes.fields.get(key) ?? null)]),
  );
}
