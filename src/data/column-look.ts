import type { Texts } from "../io/text-column.ts";
import { isListCell } from "./cell-labels.ts";
import { numberOf } from "./cell-number.ts";
import { hintOf, classWords, languageCodes, splitWords, type NameHint } from "./column-name.ts";

/** Statistics of a column's cells; shares are of the filled cells that were read. */
export interface ColumnLook {
  column: number;
  name: string;
  hint: NameHint;
  /** Number of cells read, and the share of them that are filled. */
  rows: number;
  filled: number;
  meanWords: number;
  /** Distinct values and the number of cells of each; values beyond the first 20,000 are not added. */
  values: Map<string, number>;
  distinct: number;
  /** Number of distinct values over number of filled cells: 1 when no value repeats. */
  distinctShare: number;
  /** Share that are numbers, dates or web addresses. */
  unwordy: number;
  /** Share that are numbers, and of these the share with a fraction other than 0. */
  numeric: number;
  fractions: number;
  /** Share that are lists, in JSON or as Python prints them. */
  lists: number;
  /** Share that are objects, or lists of them. */
  objects: number;
  /** Shares of the distinct values that are common names of classes, language codes, or names of splits. */
  classLike: number;
  languageLike: number;
  splitLike: number;
}

/** Tables of up to this many rows are read whole; of longer tables, blocks spread over all rows. */
const LOOKED_AT = 40_000;
const BLOCK = 256;
const MOST_VALUES = 20_000;
/** Only the beginning of a long text is read, to keep the guess fast. */
const MOST_CHARACTERS = 2000;
/** Lists and objects say nothing by their beginnings: so many characters of a column's long ones are read whole. */
const MOST_IN_LISTS = 4_000_000;

/** Scripts without spaces between words, and their rough number of characters per word. */
const unspaced = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/g;
const CHARACTERS_PER_WORD = 2;

const looksByTable = new WeakMap<readonly Texts[], ColumnLook[]>();

/** Statistics of each column of a table, from rows spread over it; cached by table. */
export function looksOf(columns: readonly string[], cells: readonly Texts[]): ColumnLook[] {
  const known = looksByTable.get(cells);
  if (known) return known;
  const looks = columns.map((name, column) => lookAt(name, column, cells[column] ?? []));
  looksByTable.set(cells, looks);
  return looks;
}

/** The number of words in a text; estimated from the characters in scripts without spaces. */
function countWords(text: string): number {
  // Most texts have spaces; this test costs less than the two searches below.
  if (!/[\u0e00-\uffff]/.test(text)) return text.trim().split(/\s+/).length;
  const alone = text.match(unspaced)?.length ?? 0;
  const rest = text.replace(unspaced, " ").match(/\S+/g)?.length ?? 0;
  return alone / CHARACTERS_PER_WORD + rest;
}

/** Indices of rows spread over a table, in order: all rows of a short one, else whole blocks at equal distances. */
export function* rowsAllOver(count: number): Generator<number> {
  const blocks = Math.ceil(count / BLOCK);
  const taken = count <= LOOKED_AT ? blocks : Math.floor(LOOKED_AT / BLOCK);
  for (let turn = 0; turn < taken; turn++) {
    // The last block is always included.
    const block = taken === blocks ? turn : Math.floor((turn * (blocks - 1)) / (taken - 1));
    const end = Math.min(count, (block + 1) * BLOCK);
    for (let row = block * BLOCK; row < end; row++) yield row;
  }
}

function lookAt(name: string, column: number, cells: Texts): ColumnLook {
  const values = new Map<string, number>();
  let [rows, filled, words, unwordy, numeric, fractions, lists, objects, inLists] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const row of rowsAllOver(cells.length)) {
    rows++;
    const whole = cells.at(row) ?? "";
    const isLong = whole.length > MOST_CHARACTERS;
    const isRead = !isLong || (/^\s*[[{(]/.test(whole) && inLists + whole.length <= MOST_IN_LISTS);
    if (isLong && isRead) inLists += whole.length;
    const cell = (isRead ? whole : whole.slice(0, MOST_CHARACTERS)).trim();
    if (cell === "") continue;
    filled++;
    const times = values.get(cell);
    if (times !== undefined || values.size < MOST_VALUES) values.set(cell, (times ?? 0) + 1);
    words += countWords(cell);
    if (/^[-+\d.,:/%\s[\]()]+$|^https?:\/\/\S+$|^\d{4}-\d\d-\d\d/.test(cell)) unwordy++;
    if (isListCell(whole)) lists++;
    if (/^(\[\s*)?\{\s*(["'])(?:(?!\2).)*\2\s*:.*\}\s*\]?$/s.test(cell)) objects++;
    const value = cell.length < 40 ? numberOf(cell) : null;
    if (value === null) continue;
    numeric++;
    if (!Number.isInteger(value)) fractions++;
  }
  const among = (known: ReadonlySet<string>) => {
    let count = 0;
    for (const value of values.keys()) if (known.has(value.toLowerCase())) count++;
    return count / Math.max(1, values.size);
  };
  return {
    column,
    name,
    hint: hintOf(name),
    rows,
    filled: filled / Math.max(1, rows),
    meanWords: words / Math.max(1, filled),
    values,
    distinct: values.size,
    distinctShare: values.size / Math.max(1, filled),
    unwordy: unwordy / Math.max(1, filled),
    numeric: numeric / Math.max(1, filled),
    fractions: fractions / Math.max(1, numeric),
    lists: lists / Math.max(1, filled),
    objects: objects / Math.max(1, filled),
    classLike: among(classWords),
    languageLike: among(languageCodes),
    splitLike: among(splitWords),
  };
}
