import type { Texts } from "../io/text-column.ts";
import { counted } from "../recipe/wording.ts";
import { groupRows } from "./groups.ts";
import { nearDuplicates } from "./cleaning/near-duplicates.ts";
import { placeOf, type LabelledRows } from "./rows.ts";
import type { Finding } from "./summary.ts";

/** The sides of a split, and what people call their rows. */
const partWords = { train: "trained on", validation: "held out", test: "to test on" };

type PartName = keyof typeof partWords;

/** Rows of one side of a split. */
interface SplitPart {
  name: PartName;
  rows: Pick<LabelledRows, "texts" | "pairs" | "tableRows" | "lines">;
}

/** The place of a row: its part, its row in that part's file, counted from 1 without the header, and its line. */
interface LeakPlace {
  part: PartName;
  row: number;
  line: number;
}

/** Two rows of different parts with the same text, or with nearly the same. */
export interface Leak {
  kind: "exact" | "near";
  /** Jaccard index of their character 5-grams, 1 where the texts are equal. */
  similarity: number;
  first: LeakPlace;
  second: LeakPlace;
}

/** The leaks between parts of a split. */
export interface Leaks {
  /** By similarity, the most alike first. */
  pairs: Leak[];
  /** False where there are more than are listed, or so many rows that near duplicates were not looked for. */
  isComplete: boolean;
}

const MOST_PAIRS = 20_000;
/** Beyond, near duplicates are not looked for: a million rows take minutes. */
const MOST_ROWS = 200_000;

/** All pairs of rows in different parts with equal texts, or with near duplicates of `nearDuplicates`. */
export function leaksBetween(parts: readonly SplitPart[]): Leaks {
  const all = joinedParts(parts);
  const { groupOf, count } = groupRows(all);
  const rowsOf: number[][] = Array.from({ length: count }, () => []);
  const masks = new Uint32Array(count);
  groupOf.forEach((group, row) => {
    rowsOf[group]?.push(row);
    masks[group] = (masks[group] ?? 0) | (1 << (all.partOf[row] ?? 0));
  });
  const inOnePart = (mask: number) => (mask & (mask - 1)) === 0;
  const pairs: Leak[] = [];
  let isComplete = groupOf.length <= MOST_ROWS;
  const add = (a: readonly number[], b: readonly number[], similarity: number, kind: Leak["kind"]) => {
    for (const first of a) {
      for (const second of b) {
        if (all.partOf[first] === all.partOf[second] || (a === b && second < first)) continue;
        if (pairs.length >= MOST_PAIRS) return void (isComplete = false);
        pairs.push({ kind, similarity, first: all.placeOf(first), second: all.placeOf(second) });
      }
    }
  };
  masks.forEach((mask, group) => {
    const own = rowsOf[group] ?? [];
    if (!inOnePart(mask)) add(own, own, 1, "exact");
  });
  if (groupOf.length <= MOST_ROWS) {
    const near = nearDuplicates(all, (a, b) => !inOnePart((masks[a] ?? 0) | (masks[b] ?? 0)));
    isComplete &&= near.isComplete;
    for (const { first, second, similarity } of near.pairs) {
      add(rowsOf[first] ?? [], rowsOf[second] ?? [], similarity, "near");
    }
  }
  pairs.sort((a, b) => b.similarity - a.similarity || a.first.row - b.first.row || a.second.row - b.second.row);
  return { pairs, isComplete };
}

/** A finding for each two parts that share rows, with the pairs that are most alike. */
export function leakFindings({ pairs, isComplete }: Leaks, kinds: readonly Leak["kind"][], remedy: string): Finding[] {
  const between = new Map<string, Leak[]>();
  for (const leak of pairs) {
    if (!kinds.includes(leak.kind)) continue;
    const key = `${leak.second.part} ${leak.first.part}`;
    const own = between.get(key);
    if (own) own.push(leak);
    else between.set(key, [leak]);
  }
  const isLarge = !isComplete && pairs.length === 0;
  if (isLarge) return [tooMany];
  return [...between.values()].map((leaks) => {
    const [of, from] = [leaks[0]?.second.part ?? "validation", leaks[0]?.first.part ?? "train"];
    const rows = new Map(leaks.map(({ second }) => [second.row, second.line]));
    const least = isComplete ? "" : "At least ";
    const isExact = leaks.every(({ kind }) => kind === "exact");
    const what = isExact ? "the text of a row" : "nearly the text of a row";
    const some = leaks.slice(0, 3).map(({ first, second, similarity }) => {
      const alike = isExact ? "" : ` (${similarity.toFixed(2)})`;
      return `line ${second.line} and line ${first.line}${alike}`;
    });
    return {
      id: "near-leaks",
      severity: "warning",
      text: `${least}${counted(rows.size, `row ${partWords[of]} has`, `rows ${partWords[of]} have`)} ${what} ${partWords[from]}: ${some.join(", ")}${leaks.length > some.length ? " …" : ""}. Scores on such rows say little of new ones.`,
      remedy,
      tableRows: [...rows.keys()].slice(0, 20),
      lines: [...rows.values()].slice(0, 20),
    };
  });
}

const tooMany: Finding = {
  id: "many-rows",
  severity: "note",
  text: `Near duplicates across the split were not all looked for: there are more than ${MOST_ROWS.toLocaleString("en-US")} rows, or too many alike.`,
  remedy: "",
  tableRows: [],
};

/** The rows of all parts, one after another. */
function joinedParts(parts: readonly SplitPart[]) {
  const partOf = Uint8Array.from(parts.flatMap(({ rows }, part) => Array.from(rows.tableRows, () => part)));
  const starts: number[] = [];
  parts.reduce((start, { rows }) => (starts.push(start), start + rows.texts.length), 0);
  const within = (row: number) => row - (starts[partOf[row] ?? 0] ?? 0);
  const joined = (textsOf: (rows: SplitPart["rows"]) => Texts | null): Texts => ({
    length: partOf.length,
    at: (row) => {
      const part = parts[partOf[row] ?? 0];
      return part && textsOf(part.rows)?.at(within(row));
    },
    *[Symbol.iterator]() {
      for (const { rows } of parts) yield* textsOf(rows) ?? [];
    },
  });
  return {
    texts: joined(({ texts }) => texts),
    pairs: parts.some(({ rows }) => rows.pairs !== null) ? joined(({ pairs }) => pairs) : null,
    partOf,
    placeOf: (row: number): LeakPlace => {
      const part = parts[partOf[row] ?? 0];
      if (!part) throw new Error("Each row is of a part.");
      return { part: part.name, row: part.rows.tableRows[within(row)] ?? 0, line: placeOf(part.rows, within(row)) };
    },
  };
}
