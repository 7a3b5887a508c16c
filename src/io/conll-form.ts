import Papa from "papaparse";

/** Which cells of a CoNLL file's lines are read, and how lines are cut into cells. */
export interface ConllForm {
  /** The cells of a line, without the space around them. */
  cellsOf: (line: string) => string[];
  /** Place of the word, and of its tag; null for the tag of the last cell, where lines have different numbers of cells. */
  word: number;
  tag: number | null;
  /** Whether the first line names the columns. */
  hasHeader: boolean;
}

/** Tags with a letter for the place within an entity: O, B-PER, I_LOC, U-ORG, or the letter alone. */
const tag = /^(O|[BIESLUM]([-_]\S+)?)$/;
const taggedWord = /^[BIESLUM][-_]\S/;
/** More plain tags than this, such as parts of speech, are no tags. */
const MOST_PLAIN_TAGS = 60;
/** Share of the lines that may have other numbers of cells than most. */
const MOST_BROKEN = 0.02;

/** Whether a line is none of a word: blank, between documents, or a comment. */
export function isBetweenWords(line: string): boolean {
  return (
    line.trim() === "" ||
    /^-DOCSTART-/.test(line) ||
    (/^#/.test(line) && !tag.test(lastOf(line.trim().split(/[\s,;]+/))))
  );
}

const cutAt = (separator: RegExp) => (line: string) =>
  line
    .trim()
    .split(separator)
    .map((cell) => cell.trim());

/** Cells of a line of a CSV file, where a comma that is a word is in quotes. */
const cutAtCharacter = (delimiter: string) => (line: string) =>
  (Papa.parse<string[]>(line.trim(), { delimiter }).data[0] ?? []).map((cell) => cell.trim());

/** Lines cut at white space, at its runs. */
export const cutAtSpace = cutAt(/[ \t]+/);

/**
 * How lines are read that have a word with its tags each, blank lines between sentences; null where they are no such
 * lines. Cells are cut at tabs alone where every line has one, since words may then hold spaces; else at white space; else,
 * where blank lines tell sentences apart, at commas or semicolons.
 *
 * @param lines the first lines of a file
 */
export function conllForm(lines: readonly string[]): ConllForm | null {
  const words = lines.filter((line) => !isBetweenWords(line));
  if (words.length < 4) return null;
  const ways = [words.every((line) => line.includes("\t")) ? cutAt(/\t/) : cutAtSpace];
  if (hasSentences(lines)) {
    const used = [",", ";"].filter((character) => words.every((line) => line.includes(character)));
    ways.push(...used.map(cutAtCharacter));
  }
  for (const cellsOf of ways) {
    const form = formOf(lines, words, cellsOf);
    if (form) return form;
  }
  return null;
}

/**
 * The form of lines that are cut so. The tag is the last column that holds tags; the first one where words are numbered,
 * since nested entities follow it there (GermEval 2014).
 */
function formOf(lines: readonly string[], words: readonly string[], cellsOf: ConllForm["cellsOf"]): ConllForm | null {
  const rows = words.map(cellsOf);
  const [first = [], ...others] = rows;
  const width = commonest(others.map((row) => row.length));
  const whole = others.filter((row) => row.length === width);
  // A line that lacks its tag is left out by the reader, and named.
  const isEven = width >= 2 && others.length - whole.length <= MOST_BROKEN * others.length;
  if (!isEven) {
    const areTags = rows.every((row) => row.length >= 2) && holdTags(rows.map(lastOf));
    return areTags ? { cellsOf, word: 0, tag: null, hasHeader: false } : null;
  }
  const columns = Array.from({ length: width }, (_, place) => whole.map((row) => row[place] ?? ""));
  const isNumbered = width > 2 && (columns[0] ?? []).every((cell) => /^\d+$/.test(cell));
  const word = isNumbered ? 1 : 0;
  const found = [...columns.keys()].filter((place) => place > word && holdTags(columns[place] ?? []));

  const place = (isNumbered ? found[0] : found.at(-1)) ?? plainTags(lines, columns, word);
  if (place === null) return null;
  const seen = new Set(columns[place]);
  const hasHeader = first.length === width && !tag.test(first[place] ?? "") && !seen.has(first[place] ?? "");
  // A first line of another form is none of such a file where tags could be other words, or where it names columns of a CSV.
  if (first.length !== width && (found.length === 0 || /\S[,;|]\S/.test(words[0] ?? ""))) return null;
  return { cellsOf, word, tag: place, hasHeader };
}

const holdTags = (cells: readonly string[]) =>
  cells.every((cell) => tag.test(cell)) && cells.some((cell) => taggedWord.test(cell));

/** The place of a last column of a few tags without letters, such as PER or NOUN, if blank lines separate sentences. */
function plainTags(lines: readonly string[], columns: readonly string[][], word: number): number | null {
  const rows = columns[0]?.length ?? 0;
  const isCut = hasSentences(lines) && rows >= 2 * sentencesIn(lines);
  const words = columns[word] ?? [];
  const areWords = words.every((cell) => !/\s/.test(cell)) && words.some((cell) => /\p{L}/u.test(cell));
  const last = columns.length - 1;
  const tags = columns[last] ?? [];
  const distinct = new Set(tags);
  const areFew = distinct.size >= 2 && distinct.size <= Math.min(MOST_PLAIN_TAGS, 0.3 * rows);
  return isCut && areWords && areFew && tags.every((cell) => /^\p{Lu}[\p{L}\d_$:-]*$/u.test(cell)) ? last : null;
}

/** Whether blank lines tell sentences apart. */
const hasSentences = (lines: readonly string[]) => sentencesIn(lines) >= 2;

/** Number of blank lines after a word. */
const sentencesIn = (lines: readonly string[]) =>
  lines.filter((line, i) => line.trim() === "" && !isBetweenWords(lines[i - 1] ?? "")).length;

function commonest(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const one of numbers) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0];
}

function lastOf(cells: readonly string[]): string {
  return cells.at(-1) ?? "";
}
