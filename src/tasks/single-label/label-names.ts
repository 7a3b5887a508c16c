import type { Texts } from "../../io/text-column.ts";
import type { Cleaning } from "../../data/summary.ts";
import { lookAlikes, spellingKey } from "./label-spelling.ts";

/** The classes of rows, and how labels are read as one of them. */
interface LabelNames {
  classes: readonly string[];
  /** The class of a trimmed label; undefined where it is none of them. */
  indexOf(label: string): number | undefined;
  /** Labels as written and the class that each counts as, where the two differ. */
  respelt: ReadonlyMap<string, string>;
}

/** The classes that occur, sorted; look-alikes are one class where `mergeLabels` is set, by their commonest spelling. */
export function foundNames(counts: ReadonlyMap<string, number>, { mergeLabels }: Cleaning): LabelNames {
  const respelt = new Map<string, string>();
  if (mergeLabels) {
    for (const [name = "", ...others] of lookAlikes(counts)) for (const other of others) respelt.set(other, name);
  }
  const classes = sortLabels([...counts.keys()].filter((name) => !respelt.has(name)));
  const places = new Map(classes.map((name, index) => [name, index]));
  return { classes, respelt, indexOf: (label) => places.get(respelt.get(label) ?? label) };
}

/** Classes that are given: labels that only look like one of them are taken as that class where there is just one. */
export function givenNames(classes: readonly string[]): LabelNames {
  const places = new Map(classes.map((name, index) => [name, index]));
  const byKey = new Map<string, string | null>();
  for (const name of places.keys()) {
    const key = spellingKey(name);
    byKey.set(key, byKey.has(key) ? null : name);
  }
  const respelt = new Map<string, string>();
  const known = new Map<string, number | undefined>();
  return {
    classes,
    respelt,
    indexOf(label) {
      const place = places.get(label);
      if (place !== undefined || known.has(label)) return place ?? known.get(label);
      const name = byKey.get(spellingKey(label)) ?? undefined;
      if (name !== undefined) respelt.set(label, name);
      const found = name === undefined ? undefined : places.get(name);
      known.set(label, found);
      return found;
    },
  };
}

/** How often each label occurs among rows that `isKept` holds, in order of first sight. */
export function countNames(labels: Texts, isKept: (row: number) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < labels.length; row++) {
    if (!isKept(row)) continue;
    const name = (labels.at(row) ?? "").trim();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Numbers by value where all labels are numbers, else by code point. */
function sortLabels(names: string[]): string[] {
  const areNumbers = names.every((name) => Number.isFinite(Number(name)));
  return names.sort((a, b) => (areNumbers ? Number(a) - Number(b) : 0) || byCodePoint(a, b));
}

/** As Python sorts strings; "<" would compare UTF-16 units, which puts emoji before some letters. */
function byCodePoint(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Within a pair of surrogates that begin alike, the second half decides as the whole would.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
