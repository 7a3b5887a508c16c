import type { Outcomes } from "../metrics/outcomes.ts";
import { estimateOf, wrongRows, type Estimate } from "./outcomes.ts";
import { benjaminiHochberg, hypergeometricTail } from "./over-represented.ts";

/** Values of rows, as columns of tables have them. */
interface Cells {
  at(row: number): string | undefined;
}

/** What slices are cut from: the rows that were scored, in their order. */
export interface SlicedRows {
  rows: number;
  /** The text of each row, both texts of a pair. */
  textOf: (row: number) => string;
  /** What each row is labelled with: one name, several or none. */
  labelsOf: (row: number) => readonly string[];
  /** Other columns of the table. */
  columns: readonly { name: string; cells: Cells }[];
}

/** A condition on rows. */
export type SliceQuery =
  | { by: "length"; from: number; to: number }
  | { by: "label"; label: string }
  | { by: "column"; column: string; value: string }
  | { by: "range"; column: string; from: number; to: number }
  | { by: "contains"; word: string }
  | { by: "matches"; expression: string };

/** A slice with its size and figure. */
interface Slice extends Estimate {
  query: SliceQuery;
  name: string;
  rows: number;
  /** The figure of these rows less that of all others; null where either are none. */
  difference: number | null;
}

/** A word or a value that is more frequent among wrong rows than among all. */
interface Candidate extends Slice {
  wrong: number;
  /** Fisher's exact test, one-sided; and the same corrected by Benjamini and Hochberg for the number of tests. */
  p: number;
  corrected: number;
}

/** Slices of rows, worst first, with what they are compared with. */
export interface SliceList {
  /** What is estimated: the share of right rows, or the mean absolute error. */
  figure: "accuracy" | "mean absolute error";
  overall: Estimate & { rows: number };
  slices: Slice[];
}

/** Words and values that are more frequent among wrong rows than chance explains. */
export interface SliceCandidates {
  candidates: Candidate[];
  /** Number of words and values that were tested; the p-values are corrected for it. */
  tested: number;
}

export type SliceReport = SliceList & SliceCandidates;

/** Slices of fewer rows say little. */
const LEAST_ROWS = 5;
/** Columns of more values than that are of no groups, unless they are numbers. */
const MOST_VALUES = 50;
/** A column in which so many cells are numbers is one of numbers. */
const NUMBER_SHARE = 0.9;
const LENGTH_PARTS = 4;
const MOST_CANDIDATES = 20;
/** Slices that are listed, beside those that were asked for. */
const MOST_LISTED = 100;
/** Corrected p-values up to which a candidate is named. */
const MOST_CHANCE = 0.05;

/** Slices by length, label and each column, and those asked for, worst first; and candidates for others. */
export function sliceReport(rows: SlicedRows, outcomes: Outcomes, asked: readonly SliceQuery[] = []): SliceReport {
  return { ...worstSlices(rows, outcomes, asked), ...sliceCandidates(rows, outcomes) };
}

/** Slices by length, label and each column, and those asked for, worst first. */
export function worstSlices(rows: SlicedRows, outcomes: Outcomes, asked: readonly SliceQuery[] = []): SliceList {
  const all = Int32Array.from({ length: rows.rows }, (_, row) => row);
  const keys = new Set(asked.map((query) => JSON.stringify(query)));
  const usual = usualQueries(rows).filter((query) => !keys.has(JSON.stringify(query)));
  const slices = [...asked, ...usual].map((query) => sliceOf(query, rows, outcomes));
  const isAsked = new Set(asked);
  return {
    figure: outcomes.kind === "right" ? "accuracy" : "mean absolute error",
    overall: { ...estimateOf(outcomes, all), rows: rows.rows },
    slices: worstFirst(slices, outcomes)
      .filter(({ query, rows: size }) => isAsked.has(query) || size >= LEAST_ROWS)
      .filter(({ query }, place) => isAsked.has(query) || place < MOST_LISTED),
  };
}

/** A slice with its figure. */
function sliceOf(query: SliceQuery, rows: SlicedRows, outcomes: Outcomes): Slice {
  const own = rowsOfSlice(query, rows);
  const estimate = estimateOf(outcomes, own);
  const difference = own.length === 0 || own.length === rows.rows ? null : estimate.value - meanWithout(outcomes, own);
  return { query, name: sliceName(query), rows: own.length, ...estimate, difference };
}

/** The figure of all rows but these. */
function meanWithout({ values }: Outcomes, rows: Int32Array): number {
  const all = values.reduce((sum, value) => sum + value, 0);
  const own = rows.reduce((sum, row) => sum + (values[row] ?? 0), 0);
  return (all - own) / (values.length - rows.length);
}

/** Those first that are most surely bad: by the better end of their intervals, so that few rows do not lead by chance. */
function worstFirst<S extends Estimate>(slices: readonly S[], { kind }: Pick<Outcomes, "kind">): S[] {
  const best = ({ low, high }: S) => (kind === "right" ? high : -low);
  return [...slices].sort((a, b) => (best(a) || 0) - (best(b) || 0));
}

/** Places of the rows that a condition holds for, in their order. Throws a SyntaxError for an expression that is none. */
export function rowsOfSlice(query: SliceQuery, rows: SlicedRows): Int32Array {
  const holds = conditionOf(query, rows);
  return Int32Array.from(Array.from({ length: rows.rows }, (_, row) => row).filter(holds));
}

function conditionOf(query: SliceQuery, { textOf, labelsOf, columns }: SlicedRows): (row: number) => boolean {
  const cellsOf = (name: string) => columns.find((column) => column.name === name)?.cells;
  switch (query.by) {
    case "length":
      return (row) => isWithin(wordCount(textOf(row)), query);
    case "label":
      return (row) => labelsOf(row).includes(query.label);
    case "column": {
      const cells = cellsOf(query.column);
      return (row) => cells !== undefined && (cells.at(row) ?? "").trim() === query.value;
    }
    case "range": {
      const cells = cellsOf(query.column);
      return (row) => isWithin(numberOf(cells?.at(row)), query);
    }
    case "contains": {
      const wanted = query.word.trim().toLowerCase();
      const isWord = wordsOf(wanted).length === 1 && wordsOf(wanted)[0] === wanted;
      return (row) => {
        const text = textOf(row).toLowerCase();
        return isWord ? wordsOf(text).includes(wanted) : wanted !== "" && text.includes(wanted);
      };
    }
    case "matches": {
      const expression = new RegExp(query.expression, "iu");
      return (row) => expression.test(textOf(row));
    }
  }
}

const isWithin = (value: number, { from, to }: { from: number; to: number }) => value >= from && value <= to;

/** A slice in words, e.g. `contains “free”`. */
export function sliceName(query: SliceQuery): string {
  switch (query.by) {
    case "length":
      return `${between(query)} words`;
    case "label":
      return `label is “${query.label}”`;
    case "column":
      return query.value === "" ? `${query.column} is empty` : `${query.column} is “${query.value}”`;
    case "range":
      return `${query.column} is ${between(query)}`;
    case "contains":
      return `contains “${query.word}”`;
    case "matches":
      return `matches /${query.expression}/`;
  }
}

function between({ from, to }: { from: number; to: number }): string {
  if (to === Infinity) return `${from} or more`;
  if (from === -Infinity) return `up to ${to}`;
  return from === to ? `${from}` : `${from} to ${to}`;
}

/** Slices by quarters of the lengths, by label, and by each column: its values, or quarters of its numbers. */
function usualQueries(rows: SlicedRows): SliceQuery[] {
  const places = Array.from({ length: rows.rows }, (_, row) => row);
  const lengths = places.map((row) => wordCount(rows.textOf(row)));
  const labels = new Set(places.flatMap((row) => rows.labelsOf(row)));
  const ofColumns = rows.columns.flatMap(({ name, cells }): SliceQuery[] => {
    const values = places.map((row) => (cells.at(row) ?? "").trim());
    const different = new Set(values);
    if (different.size < 2) return [];
    const numbers = values.map(numberOf);
    const areNumbers = numbers.filter(Number.isFinite).length >= NUMBER_SHARE * values.length;
    if (different.size > MOST_VALUES || (areNumbers && different.size > 2 * LENGTH_PARTS)) {
      return areNumbers ? parts(numbers).map((range) => ({ by: "range", column: name, ...range })) : [];
    }
    return [...different].map((value) => ({ by: "column", column: name, value }));
  });
  return [
    ...parts(lengths).map((range): SliceQuery => ({ by: "length", ...range })),
    ...[...labels].sort().map((label): SliceQuery => ({ by: "label", label })),
    ...ofColumns,
  ];
}

/** Up to four ranges that have about as many values each; none where all values are the same. */
function parts(values: readonly number[]): { from: number; to: number }[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const ends = new Set<number>();
  for (let part = 1; part <= LENGTH_PARTS; part++) {
    ends.add(sorted[Math.ceil((part * sorted.length) / LENGTH_PARTS) - 1] ?? NaN);
  }
  const [least] = sorted;
  if (least === undefined || ends.size < 2) return [];
  let last = -Infinity;
  return [...ends].map((to) => {
    const from = sorted.find((value) => value > last) ?? least;
    last = to;
    return { from, to };
  });
}

/** Words and values of columns that wrong rows have more often than chance explains, least chance first. */
export function sliceCandidates(rows: SlicedRows, outcomes: Outcomes): SliceCandidates {
  const wrong = wrongRows(outcomes);
  const errors = wrong.reduce((sum, one) => sum + one, 0);
  const counts = new Map<string, { query: SliceQuery; rows: number; wrong: number }>();
  const count = (key: string, row: number, query: () => SliceQuery) => {
    const known = counts.get(key) ?? { query: query(), rows: 0, wrong: 0 };
    known.rows++;
    known.wrong += wrong[row] ?? 0;
    counts.set(key, known);
  };
  for (let row = 0; row < rows.rows; row++) {
    for (const word of new Set(wordsOf(rows.textOf(row).toLowerCase()))) {
      count(`word ${word}`, row, () => ({ by: "contains", word }));
    }
    for (const [i, { name, cells }] of rows.columns.entries()) {
      const value = (cells.at(row) ?? "").trim();
      count(`${i} ${value}`, row, () => ({ by: "column", column: name, value }));
    }
  }
  const frequent = [...counts.values()].filter((one) => one.rows >= LEAST_ROWS && one.rows < rows.rows);
  const ps = frequent.map((one) => hypergeometricTail(rows.rows, one.rows, errors, one.wrong));
  const corrected = benjaminiHochberg(ps);
  const named = frequent
    .map((one, i) => ({ ...one, p: ps[i] ?? 1, corrected: corrected[i] ?? 1 }))
    .filter((one) => one.corrected <= MOST_CHANCE)
    .sort((a, b) => a.p - b.p || b.rows - a.rows)
    .slice(0, MOST_CANDIDATES);
  return {
    candidates: named.map(({ query, wrong: ofThem, p, corrected: own }) => ({
      ...sliceOf(query, rows, outcomes),
      wrong: ofThem,
      p,
      corrected: own,
    })),
    tested: frequent.length,
  };
}

/** A column by which slices can be made. */
export interface SlicedColumn {
  name: string;
  /** Its values in order; null of more than are worth a list. */
  values: string[] | null;
  areNumbers: boolean;
}

/** The columns by which slices can be made. */
export function slicedColumns({ rows, columns }: SlicedRows): SlicedColumn[] {
  return columns.map(({ name, cells }) => {
    const values = Array.from({ length: rows }, (_, row) => (cells.at(row) ?? "").trim());
    const different = new Set(values);
    const numbers = values.filter((value) => Number.isFinite(numberOf(value))).length;
    return {
      name,
      values: different.size > MOST_VALUES ? null : [...different].sort(),
      areNumbers: values.length > 0 && numbers >= NUMBER_SHARE * values.length,
    };
  });
}

/** Letters and digits with what joins them; of scripts without spaces whole stretches. */
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}_'’-]*/gu;

const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

const wordCount = (text: string) => text.split(/\s+/).filter((word) => word !== "").length;

function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === "" ? NaN : Number(text);
}
