import { headerWord } from "./csv-header.ts";
import { isObject } from "./json-object.ts";

/** A row in JSON: an object by column, a list by place, or a plain value. */
export type Row = unknown;

const wrappers = ["data", "rows", "items", "examples", "records", "instances", "results", "documents", "samples"];

/** How deep nested objects are searched for tables. */
const DEEPEST = 3;

/**
 * The tables in a JSON value by name: lists of rows, columns by name, splits by name, pandas' `orient` of split, index
 * and columns, texts by label, labels by text; else those of the objects within. Empty where there is none.
 */
export function shapesOf(value: unknown, depth = 0): Map<string, Row[]> {
  const rows = rowsOf(value);
  if (rows !== null) return new Map([["", rows]]);
  if (!isObject(value)) return new Map();
  const tables = new Map<string, Row[]>();
  for (const [name, inner] of Object.entries(value)) {
    const ofInner = rowsOf(inner);
    if (ofInner !== null && ofInner.length > 0) tables.set(name, ofInner);
  }
  if (tables.size > 0 || depth + 1 >= DEEPEST) return tables;
  return new Map(Object.values(value).flatMap((inner) => (isObject(inner) ? [...shapesOf(inner, depth + 1)] : [])));
}

function rowsOf(value: unknown): Row[] | null {
  if (Array.isArray(value)) {
    const isRows = value.length > 0 && value.every((one) => typeof one === "object" && one !== null);
    return isRows ? (textsInGroups(value) ?? value) : null;
  }
  if (!isObject(value)) return null;
  const { columns, data } = value;
  if (Array.isArray(columns) && Array.isArray(data)) return named(columns.map(String), data);
  for (const key of wrappers) {
    const inner = value[key];
    if (Array.isArray(inner) && rowsOf(inner) !== null && onlyTable(value, key)) return rowsOf(inner);
  }
  return byColumn(value) ?? byIndex(value) ?? textsByLabel(value) ?? labelsByText(value);
}

/** Whether no other key has rows, which would make them splits. */
function onlyTable(value: Record<string, unknown>, key: string): boolean {
  return Object.entries(value).every(
    ([name, inner]) =>
      name === key ||
      name === "schema" ||
      name === "features" ||
      !Array.isArray(inner) ||
      !inner.every((one) => typeof one === "object"),
  );
}

function named(columns: readonly string[], data: readonly unknown[]): Row[] {
  return data.map((row) => {
    if (!Array.isArray(row)) return row;
    const cells: unknown[] = row;
    return Object.fromEntries(columns.map((name, place) => [name, cells[place]]));
  });
}

/** {"text": […], "label": […]}, or {"text": {"0": …}, "label": {"0": …}}. */
function byColumn(value: Record<string, unknown>): Row[] | null {
  const entries = Object.entries(value);
  const lists = entries.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const [first] = lists;
  // Plain values beside the lists describe the whole table.
  const others = entries.filter(([, one]) => typeof one === "object" && one !== null && !Array.isArray(one));
  if (first !== undefined && others.length === 0 && lists.length >= 2) {
    const isScalar = lists.some(([, list]) => list.every((one) => typeof one !== "object" || one === null));
    if (lists.every(isLabelWithTexts)) return null;
    if (!isScalar || first[1].length === 0 || lists.some(([, list]) => list.length !== first[1].length)) return null;
    return first[1].map((_, row) => Object.fromEntries(lists.map(([name, list]) => [name, list[row]])));
  }
  const inner = entries.map(([name, one]) => [name, one] as const);
  if (entries.length < 2 || !inner.every(([, one]) => isObject(one))) return null;
  const keys = Object.keys(inner[0]?.[1] ?? {});
  const counts = keys.length > 0 && keys.every((key) => /^\d+$/.test(key));
  if (!counts || entries.every(([name]) => /^\d+$/.test(name))) return null;
  const columns = inner.flatMap(([name, one]) => (isObject(one) ? [[name, one] as const] : []));
  return keys.map((key) => Object.fromEntries(columns.map(([name, one]) => [name, one[key]])));
}

/** Lists of texts by label rather than by column: {"greet": ["hi there", …], "leave": […]}, even of equal lengths. */
function isLabelWithTexts([name, list]: readonly [string, readonly unknown[]]): boolean {
  const texts = list.filter((one) => typeof one === "string" && /\s/.test(one.trim()));
  return headerWord(name) === 0 && texts.length > 0.5 * list.length;
}

/** {"0": {"text": …, "label": …}, "1": …}: rows by their ids. */
function byIndex(value: Record<string, unknown>): Row[] | null {
  const rows = Object.values(value);
  const [first] = rows;
  if (rows.length < 2 || !isObject(first) || !rows.every(isObject)) return null;
  const keys = Object.keys(first);
  const alike = keys.length >= 2 && rows.every((row) => isObject(row) && keys.some((key) => key in row));
  const isPlain = Object.values(first).some((one) => typeof one === "string");
  return alike && isPlain ? rows : null;
}

const groupNames = ["tag", "intent", "label", "category", "class", "name"];
const textLists = ["patterns", "examples", "utterances", "texts", "sentences", "queries", "questions", "samples"];

/** [{"tag": "greet", "patterns": ["…", "…"]}, …], as in chat bot data: one row per text. */
function textsInGroups(groups: readonly unknown[]): Row[] | null {
  const [first] = groups;
  if (groups.length < 2 || !isObject(first)) return null;
  const group = groupNames.find((name) => typeof first[name] === "string");
  const list = textLists.find((name) => Array.isArray(first[name]));
  if (group === undefined || list === undefined) return null;
  const textOf = (one: unknown) => (isObject(one) ? one["text"] : one);
  const rows = groups.flatMap((one) => {
    const texts: unknown = isObject(one) ? one[list] : null;
    return Array.isArray(texts) && isObject(one)
      ? texts.map((text: unknown) => ({ text: textOf(text), label: one[group] }))
      : [];
  });
  return rows.length > groups.length && rows.every(({ text }) => typeof text === "string") ? rows : null;
}

/** {"pos": ["…", "…"], "neg": ["…"]}. */
function textsByLabel(value: Record<string, unknown>): Row[] | null {
  const entries = Object.entries(value);
  if (entries.length < 2) return null;
  const isTexts = ([, list]: [string, unknown]) =>
    Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === "string");
  if (!entries.every(isTexts)) return null;
  return entries.flatMap(([label, list]) =>
    Array.isArray(list) ? list.map((text: unknown) => ({ text, label })) : [],
  );
}

/** {"a text": "pos", "another": "neg"}; a single row where the keys look like columns. */
function labelsByText(value: Record<string, unknown>): Row[] | null {
  const entries = Object.entries(value);
  if (entries.length === 0 || !entries.every(([, one]) => typeof one !== "object")) return null;
  const texts = entries.filter(([key]) => /\s/.test(key.trim())).length;
  if (entries.length >= 3 && texts > 0.5 * entries.length) return entries.map(([text, label]) => ({ text, label }));
  return entries.length >= 2 && "text" in value ? [value] : null;
}
