import type { Texts } from "../io/text-column.ts";
import { type ColumnLook, numberOf, rowsAllOver } from "./column-look.ts";
import { nameWords } from "./column-name.ts";
import { CLASSES, type LabelKind } from "./label-kinds.ts";

/** The task of one label column. */
export type LabelTask =
  | { task: Exclude<LabelKind, "multi-label"> }
  /** Labels of a cell lie in a list, or between these characters. */
  | { task: "multi-label"; delimiter: string | null };

/** More different numbers than this are measures, not classes. */
const MOST_NUMBERS = 30;
const MOST_FRACTIONS = 10;
const delimiters = ["|", ";", ",", "/"];
const tag = /^(O|[BIESLUM]-\S+)$/;

/** What the cells of a label column are; `text` is the look of the texts, where there are any. */
export function taskOfLabels(look: ColumnLook, text: ColumnLook | null): LabelTask {
  if (look.lists > 0.9) {
    const isTokens = text !== null && text.lists > 0.9 && holdTags(look);
    return isTokens ? { task: "token-classification" } : { task: "multi-label", delimiter: null };
  }
  if (areTags(look) && (text === null || text.meanWords < 1.5 || areTagLines(look))) {
    return { task: "token-classification" };
  }
  const delimiter = delimiterOf(look);
  if (delimiter !== null) return { task: "multi-label", delimiter };
  return { task: areMeasures(look) ? "regression" : CLASSES };
}

/** As `taskOfLabels`, unless a person has said that each value is a class. */
export function chosenTask(
  choice: { task?: typeof CLASSES | undefined },
  look: ColumnLook,
  text: ColumnLook | null,
): LabelTask {
  return choice.task === undefined ? taskOfLabels(look, text) : { task: choice.task };
}

/** The labels of a cell with several. */
export function labelsOfCell(cell: string, delimiter: string | null): string[] {
  const parts = delimiter === null ? listOf(cell) : cell.split(delimiter);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/**
 * Columns that each mark one label of several: at least three that hold nothing but 0 and 1 (or true and false, yes and
 * no). Empty where there are none.
 */
export function markColumns(looks: readonly ColumnLook[], text: ColumnLook): ColumnLook[] {
  const all = looks.filter((look) => look !== text && look.filled > 0.9 && look.hint.label >= 0 && holdsMarks(look));
  const isProperty = ({ name }: ColumnLook) => /^(is|has|was) /.test(nameWords(name).join(" "));
  // Where only some are called "has_logo" and the like, these say something else of the row.
  const marks = all.every(isProperty) ? all : all.filter((look) => !isProperty(look));
  const isPlain = (look: ColumnLook) => look.hint.label < 2 && !isProperty(look);
  if (marks.length >= 3) return marks;
  return marks.length === 2 && marks.every(isPlain) && marks.every(({ name }) => !/^column \d+$/.test(name))
    ? marks
    : [];
}

/** True for two columns whose lists have as many entries in each row, one of them words and one few different tags. */
export function areTokensAndTags(tokens: ColumnLook, tags: ColumnLook, cells: readonly Texts[]): boolean {
  if (tokens.lists < 0.9 || tags.lists < 0.9 || !holdTags(tags) || wordsOfLists(tokens) <= wordsOfLists(tags))
    return false;
  const [first, second] = [cells[tokens.column] ?? [], cells[tags.column] ?? []];
  let [rows, equal] = [0, 0];
  for (const row of rowsAllOver(first.length)) {
    if (rows >= 200) break;
    const lengths = [first, second].map((column) => listOf(column.at(row) ?? "").length);
    rows++;
    if (lengths[0] === lengths[1]) equal++;
  }
  return rows > 0 && equal >= 0.9 * rows;
}

/** True for a column of words and one of their tags, a word a row. */
export function areWordsAndTags(words: ColumnLook, tags: ColumnLook): boolean {
  return (
    areTags(tags) &&
    !areTagLines(tags) &&
    words.filled > 0.9 &&
    words.meanWords < 1.5 &&
    words.numeric < 0.5 &&
    words.distinct > 2 * tags.distinct
  );
}

function holdsMarks(look: ColumnLook): boolean {
  const values = [...look.values.keys()].map((value) => value.toLowerCase());
  const kinds = [
    ["0", "1", "0.0", "1.0"],
    ["true", "false"],
    ["yes", "no"],
  ];
  return look.distinct <= 2 && values.length > 0 && kinds.some((kind) => values.every((value) => kind.includes(value)));
}

/** Lists with few different entries among many. */
function holdTags(look: ColumnLook): boolean {
  const { different, entries } = entriesOf(look);
  return entries > 0 && different.size <= Math.max(20, entries / 10);
}

function wordsOfLists(look: ColumnLook): number {
  return entriesOf(look).different.size;
}

function entriesOf(look: ColumnLook): { different: Set<string>; entries: number } {
  const different = new Set<string>();
  let entries = 0;
  for (const value of [...look.values.keys()].slice(0, 2000)) {
    for (const entry of listOf(value)) {
      different.add(entry);
      entries++;
    }
  }
  return { different, entries };
}

const areTags = ({ values }: ColumnLook) =>
  values.size > 1 &&
  [...values.keys()].some((value) => /(^|\s)[BIESLU]-/.test(value)) &&
  share(values, isTagLine) > 0.9;
const isTagLine = (value: string) => value.split(/\s+/).every((one) => tag.test(one));
const areTagLines = ({ meanWords }: ColumnLook) => meanWords > 1.5;

function share(values: ReadonlyMap<string, number>, test: (value: string) => boolean): number {
  const all = [...values.keys()];
  return all.filter(test).length / Math.max(1, all.length);
}

/** The entries of a list in JSON, or as Python and NumPy print it; none where a cell is no list. */
function listOf(cell: string): string[] {
  const inner = /^\s*\[([\s\S]*)\]\s*$/.exec(cell)?.[1];
  if (inner === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(cell);
    if (Array.isArray(parsed))
      return parsed.map((entry) => (typeof entry === "string" ? entry : JSON.stringify(entry)));
  } catch {
    // Python's quotes, or NumPy's spaces between numbers.
  }
  const quoted = inner.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g);
  if (quoted) return quoted.map((entry) => entry.slice(1, -1));
  return inner.split(/[\s,]+/).filter((entry) => entry !== "");
}

/**
 * The character between several labels of a cell, or null. There has to be good evidence: parts that come again alone
 * or beside others, for a class may well be called "Food, Beverages & Tobacco".
 */
function delimiterOf(look: ColumnLook): string | null {
  for (const delimiter of delimiters) {
    const several = [...look.values.keys()].filter((value) => value.includes(delimiter));
    const cells = several.reduce((sum, value) => sum + (look.values.get(value) ?? 0), 0);
    const all = [...look.values.values()].reduce((sum, count) => sum + count, 0);
    if (several.length < 2 || cells < 0.02 * all) continue;
    const isDecimal = (value: string) => /^[-+]?\d+,\d+$/.test(value);
    // "3,5" is a number where all that has a comma has just one; "3,7" are two labels where some cell has three.
    if (delimiter === "," && several.every(isDecimal) && !isPluralName(look) && !areNumbersOfClasses(look)) continue;
    if (delimiter === "/" && several.every((value) => /^\d+\/\d+(\/\d+)?$/.test(value))) continue;
    const places = new Map<string, number>();
    const parts = new Set<string>();
    let longest = 0;
    for (const value of look.values.keys()) {
      const ofCell = new Set(
        value
          .split(delimiter)
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      );
      for (const part of ofCell) {
        places.set(part, (places.get(part) ?? 0) + 1);
        longest = Math.max(longest, part.length);
        if (value.includes(delimiter)) parts.add(part);
      }
    }
    const again = [...parts].filter((part) => (places.get(part) ?? 0) > 1).length;
    if (longest <= 60 && parts.size >= 2 && again >= 0.7 * parts.size && places.size < 2 * look.distinct)
      return delimiter;
  }
  return null;
}

/** True for "3" and "3,7", where all that stands behind a comma stands alone elsewhere, too, and is the greater number. */
function areNumbersOfClasses({ values }: ColumnLook): boolean {
  const pairs = [...values.keys()].filter((value) => value.includes(",")).map((value) => value.split(","));
  const seconds = new Set(pairs.map(([, second = ""]) => second));
  const alone = values.size - pairs.length;
  const areKnown = [...seconds].every((second) => values.has(second));
  return alone >= 3 && seconds.size >= 3 && areKnown && pairs.every(([one, two]) => Number(one) < Number(two));
}

const isPluralName = ({ name }: ColumnLook) =>
  /^(labels|classes|categories|tags|topics|emotions|genres|etiquetas|kategorien)$/.test(nameWords(name).at(-1) ?? "");

/** Numbers that measure something rather than name a class. */
function areMeasures(look: ColumnLook): boolean {
  if (look.numeric < 0.95) return false;
  if (look.fractions > 0.02) return look.distinct > MOST_FRACTIONS || (look.distinct > 3 && look.distinctShare > 0.5);
  if (look.distinct <= MOST_NUMBERS) return false;
  // Whole numbers that follow one another are numbered classes; so are those that the column's name calls so.
  const numbers = [...look.values.keys()].flatMap((value) => numberOf(value) ?? []);
  const range = numbers.reduce((a, b) => Math.max(a, b)) - numbers.reduce((a, b) => Math.min(a, b)) + 1;
  const areNumbered = look.distinct >= 0.8 * range && look.distinctShare < 0.5;
  if (isMeasureName(look)) return true;
  return !areNumbered && look.hint.label < 3 && look.hint.label !== 1;
}

const isMeasureName = ({ name }: ColumnLook) =>
  nameWords(name).some((word) =>
    /^(score|scores|rating|similarity|relatedness|price|age|points|percent|percentage|value|amount|grade|valence|arousal|puntuación|punkte|preis|оценка|评分|score1)$/.test(
      word,
    ),
  );
