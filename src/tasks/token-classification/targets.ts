import { labelsOfRow } from "../../data/row-labels.ts";
import { repeatedTexts } from "../../data/repeated-texts.ts";
import type { LabelledRows } from "../../data/rows.ts";
import type { TargetReader } from "../../data/targets.ts";
import { WORD_WIDTH } from "../../data/word-tokens.ts";
import { MappedTexts } from "../../io/text-column.ts";
import { inScheme } from "../../metrics/entities/schemes.ts";
import { entityCounts, entitySummary, typesText } from "./entity-counts.ts";
import { numberedFinding, TagNumbers } from "./numbered-tags.ts";
import {
  brokenFinding,
  cutFinding,
  lostFinding,
  noEntities,
  singleWordsFinding,
  unknownTypesFinding,
} from "./row-findings.ts";
import { readText, taggedRow } from "./tagged-row.ts";
import { areLettered, namesOfTypes, placesOfTags, tagForm, typeOf, usualTag } from "./tags.ts";

/**
 * Cells are tags of words, or spans of entities; see `taggedRow`. Tags in any scheme are learned in IOB2, or in the scheme
 * of a head whose names are given; tags without letters stay as they are. A target has `WORD_WIDTH` numbers of each word.
 */
export const wordTargets: TargetReader = {
  asksWords: true,
  read({ cells: [cells = []], texts, hasTexts, isEmpty }, labelNames) {
    const seen = new Set<string>();
    const numbers = new TagNumbers();
    const isUsed = (row: number) => hasTexts(row) && !isEmpty(cells.at(row));
    for (let row = 0; row < texts.length; row++) {
      const read = isUsed(row) ? taggedRow(texts.at(row) ?? "", cells.at(row) ?? "") : null;
      numbers.add(read?.tags ?? []);
      for (const tag of read?.tags ?? []) seen.add(tag);
    }
    const numbered = numbers.form();
    // Numbers of a head's tags are places among its names.
    const nameOf = (tag: string) => labelNames?.[Number(tag)] ?? numbered?.nameOf(Number(tag)) ?? tag;
    const tagsIn = (tags: readonly string[]) => (numbered ? tags.map(nameOf) : tags);
    const used = new Set(tagsIn([...seen]));
    const isLettered = areLettered(used);
    const types = new Set([...used].map(usualTag).map(typeOf));
    types.delete("");
    const names = labelNames ?? numbered?.names ?? (isLettered ? namesOfTypes(types) : plainNames(used));
    const scheme = tagForm(names).scheme ?? "IOB2";
    const placeOf = placesOfTags(names);
    const plainPlaces = new Map(names.map((name, place) => [name, place]));
    const cut = { texts: [] as string[], rows: [] as number[], spans: 0 };
    const faults = { broken: [] as number[], lost: [] as number[], unknown: new Map<string, number[]>() };
    return {
      labelNames: names,
      width: "any",
      numbers: "classes",
      texts: new MappedTexts(texts, (cell) => readText(cell).text),
      of([cell = ""], tableRow) {
        const read = taggedRow(texts.at(tableRow - 1) ?? "", cell);
        if (read === null) {
          faults.broken.push(tableRow);
          return undefined;
        }
        if (read.lost > 0) faults.lost.push(tableRow);
        cut.spans += read.spans;
        cut.texts.push(...read.cut);
        if (read.cut.length > 0) cut.rows.push(tableRow);
        const own = tagsIn(read.tags);
        const tags = isLettered ? inScheme(own.map(usualTag), scheme) : own;
        const target = new Int32Array(WORD_WIDTH * tags.length);
        for (const [word, tag] of tags.entries()) {
          const place = isLettered ? placeOf(tag) : plainPlaces.get(tag);
          if (place === undefined) {
            const name = isLettered ? typeOf(tag) : tag;
            faults.unknown.set(name, [...(faults.unknown.get(name) ?? []), tableRow]);
            return undefined;
          }
          const { start = 0, end = 0 } = read.words[word] ?? {};
          target.set([start, end, place], WORD_WIDTH * word);
        }
        return target;
      },
      findings: (keptRows) => [
        ...(numbered && labelNames === null ? [numberedFinding(numbered)] : []),
        ...brokenFinding(faults.broken, keptRows === 0),
        ...lostFinding(faults.lost),
        ...cutFinding(cut),
        ...unknownTypesFinding(faults.unknown, names, keptRows === 0),
      ],
    };
  },
  inspect: (rows) => [...noEntities(rows), ...singleWordsFinding(rows), ...repeatedTexts(rows)],
  strata: rarestTypes,
  lacks: (rows) => (entityCounts(rows).size > 0 ? null : "no entity is left to train on"),
  expected: "Texts with entities, a tag for each word, were expected.",
  holdMore: "Add texts, or take a validation file.",
  // Classes are weighed by their counts, and most words are outside of all entities.
  counts: () => [],
  describe: (parts) => ({ what: "entities", text: typesText(parts) }),
  summarize: entitySummary,
};

/** Names of tags without letters: what is outside first, then by code unit. */
function plainNames(tags: ReadonlySet<string>): string[] {
  const others = [...tags].filter((tag) => tag !== "O").sort();
  return tags.has("O") ? ["O", ...others] : others;
}

/** The rarest type of entities in each row, so that validation has its share of it; 0 of rows without any. */
function rarestTypes(rows: LabelledRows): Int32Array {
  const types = tagForm(rows.labelNames).counted.map(typeOf);
  const ofRow = (row: number) => {
    const own = labelsOfRow(rows, row);
    const found = new Set<string>();
    for (let at = 2; at < own.length; at += WORD_WIDTH) found.add(types[own[at] ?? -1] ?? "");
    found.delete("");
    return found;
  };
  const rowsWith = new Map<string, number>();
  for (let row = 0; row < rows.texts.length; row++) {
    for (const type of ofRow(row)) rowsWith.set(type, (rowsWith.get(type) ?? 0) + 1);
  }
  const ranked = [...rowsWith].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1)).map(([type]) => type);
  return Int32Array.from({ length: rows.texts.length }, (_, row) => {
    const own = ofRow(row);
    return ranked.findIndex((type) => own.has(type)) + 1;
  });
}
