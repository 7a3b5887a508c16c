import type { Texts } from "../io/text-column.ts";
import type { ColumnChoice } from "./summary.ts";
import { numberOf } from "./cell-number.ts";
import { type ColumnLook, rowsAllOver } from "./column-look.ts";
import { nameWords } from "./column-name.ts";
import { isMissingWord } from "./empty-cells.ts";
import { entriesOfList, isListCell, labelsOfObject, partsOf } from "./cell-labels.ts";
import { areMarks, areOnlyOnes } from "./label-marks.ts";
import { spansOfCell } from "./labelled-spans.ts";
import { CLASSES, NUMBERS, SEVERAL, TAGS } from "./label-kinds.ts";

/** The task of one label column. */
export interface LabelTask {
  task: string;
  /** What separates the labels of a cell that may have several; null where they form a list, and for one label. */
  delimiter: string | null;
}

/** More distinct numbers than this are measurements, not classes. */
const MOST_NUMBERS = 30;
const MOST_FRACTIONS = 10;
const delimiters = ["\n", "\t", "|", ";", ",", "/", "+", "&"];
/** Signs that stand within the names of classes, too: all parts must occur in other cells. */
const doubtfulDelimiters = ["+", "&"];
const tag = /^(O|[BIESLUM]-\S+)$/;

/** The task of a label column by its cells; `text` has the statistics of the texts, where there are any. */
export function taskOfLabels(look: ColumnLook, text: ColumnLook | null): LabelTask {
  if (text !== null && text.lists < 0.1 && holdSpans(look)) return { task: TAGS, delimiter: null };
  if (look.lists > 0.9) {
    const isTokens = text !== null && text.lists > 0.9 && holdTags(look);
    return { task: isTokens ? TAGS : SEVERAL, delimiter: null };
  }
  if (holdLabelObjects(look) || areLabelsOrLists(look)) return { task: SEVERAL, delimiter: null };
  if (areTags(look) && (text === null || text.meanWords < 1.5 || areTagLines(look))) {
    return { task: TAGS, delimiter: null };
  }
  const delimiter = delimiterOf(look);
  if (delimiter !== null) return { task: SEVERAL, delimiter };
  return { task: areMeasures(look) ? NUMBERS : CLASSES, delimiter: null };
}

/** As `taskOfLabels`, unless a person chose the task, the separator, or several label columns. */
export function chosenTask(choice: TaskChoice, look: ColumnLook, text: ColumnLook | null): LabelTask {
  const { task, separator, moreLabels = [] } = choice;
  const found = taskOfLabels(look, text);
  const delimiter = separator ?? (found.task === SEVERAL ? found.delimiter : null);
  const isSeveral = separator !== undefined || moreLabels.length > 0;
  return { task: task ?? (isSeveral ? SEVERAL : found.task), delimiter };
}

/** What a person may have chosen of labels. */
type TaskChoice = Pick<ColumnChoice, "task" | "separator" | "moreLabels">;

/**
 * Whether labels that count as classes may be grades: a few whole numbers in a row, such as 1 to 5 stars, or fractions.
 *
 * @returns the least and the most of them; null where they are none
 */
export function gradesOf({ values, numeric, fractions }: ColumnLook): { least: number; most: number } | null {
  if (numeric < 1 || values.size < 4 || values.size > MOST_GRADES) return null;
  const numbers = [...values.keys()].map((value) => numberOf(value) ?? NaN).sort((a, b) => a - b);
  const [least = NaN, most = NaN] = [numbers[0], numbers.at(-1)];
  // Numbers with fractions, such as half stars, are the names of no classes.
  return fractions > 0 || most - least === values.size - 1 ? { least, most } : null;
}

/** More whole numbers in a row than these are numbered classes rather than grades. */
const MOST_GRADES = 11;

/**
 * Columns that each say whether a row has one label: at least three that hold only 0 and 1 (or true and false, yes and
 * no, a cross and nothing), or two with plain names. Empty where there are none.
 */
export function markColumns(looks: readonly ColumnLook[], text: ColumnLook): ColumnLook[] {
  const all = looks.filter((look) => look !== text && look.hint.label >= 0 && holdsMarks(look));
  // Where only some columns are called "has_logo" and the like, these are properties of the row, not labels.
  const marks = all.every(isProperty) ? all : all.filter((look) => !isProperty(look));
  const isPlain = (look: ColumnLook) => look.hint.label < 2 && !isProperty(look);
  if (marks.length >= 3) return marks;
  return marks.length === 2 && marks.every(isPlain) && marks.every(({ name }) => !/^column \d+$/.test(name))
    ? marks
    : [];
}

/** Whether the lists of two columns have equal lengths in each row, one holding words and the other a few tags. */
export function areTokensAndTags(tokens: ColumnLook, tags: ColumnLook, cells: readonly Texts[]): boolean {
  if (tokens.lists < 0.9 || tags.lists < 0.9 || !holdTags(tags)) return false;
  if (wordsOfLists(tokens) <= wordsOfLists(tags) && !(tokens.hint.text > 0 && holdLetters(tags))) return false;
  const [first, second] = [cells[tokens.column] ?? [], cells[tags.column] ?? []];
  let [rows, equal] = [0, 0];
  for (const row of rowsAllOver(first.length)) {
    if (rows >= 200) break;
    const lengths = [first, second].map((column) => entriesOfList(column.at(row) ?? "").length);
    rows++;
    if (lengths[0] === lengths[1]) equal++;
  }
  // Rows whose lists differ in length are left out later, and named.
  return rows > 0 && equal >= (holdLetters(tags) ? 0.5 : 0.9) * rows;
}

/** Whether the cells of a column list spans of texts, some of them at least one. */
export function holdSpans(look: ColumnLook): boolean {
  if (look.lists < 0.5 && look.objects < 0.5) return false;
  // Long cells are cut in a look, and cannot be read.
  const cells = [...look.values.keys()].slice(0, 200).filter((cell) => /[\]})]$/.test(cell));
  const spans = cells.map(spansOfCell);
  return spans.some((own) => own !== null && own.length > 0) && spans.every((own) => own !== null);
}

/** Whether the cells of a column are a tag with letters each, such as B-PER. */
export function holdTagWords(look: ColumnLook): boolean {
  return areTags(look) && !areTagLines(look);
}

/** Whether one column holds words and the other their tags, one word per row. */
export function areWordsAndTags(words: ColumnLook, tags: ColumnLook): boolean {
  return (
    holdTagWords(tags) &&
    words.filled > 0.9 &&
    words.meanWords < 1.5 &&
    words.numeric < 0.5 &&
    words.distinct > 2 * tags.distinct
  );
}

/** Whether a column says of each row whether it has one label. */
export function holdsMarks({ name, values, distinct, filled }: ColumnLook): boolean {
  if (distinct > 4) return false;
  return filled > 0.9 ? areMarks(values.keys()) : areOnlyOnes(values.keys(), name);
}

/** Whether a column is named for a property of a row, such as "has_logo". */
export const isProperty = ({ name }: ColumnLook) => /^(is|has|was) /.test(nameWords(name).join(" "));

/** Whether some cells are lists of what others hold alone: some programs write a list only where there are several labels. */
function areLabelsOrLists(look: ColumnLook): boolean {
  if (look.lists < 0.02 || look.distinct > MOST_IN_BOTH) return false;
  const lists = [...look.values.keys()].filter(isListCell);
  const entries = new Set(lists.flatMap(entriesOfList));
  const known = [...entries].filter((entry) => look.values.has(entry));
  return entries.size >= 2 && known.length >= 0.7 * entries.size;
}

/** More distinct cells than this are texts. */
const MOST_IN_BOTH = 2000;

/** Whether the cells of a column are objects with a mark for each label. */
export function holdLabelObjects(look: ColumnLook): boolean {
  if (look.objects < 0.9) return false;
  const cells = [...look.values.keys()].slice(0, 200).filter((cell) => cell.endsWith("}"));
  return cells.length > 0 && cells.every((cell) => labelsOfObject(cell) !== null);
}

/** Whether the lists of a column repeat a few distinct entries. */
function holdTags(look: ColumnLook): boolean {
  const { different, entries } = entriesOf(look);
  return entries > 0 && different.size <= Math.max(20, entries / 10);
}

/** Whether the lists of a column hold tags with letters, such as B-PER. */
export function holdLetters(look: ColumnLook): boolean {
  const entries = [...entriesOf(look).different];
  return entries.every((entry) => tag.test(entry)) && entries.some((entry) => entry !== "O");
}

function wordsOfLists(look: ColumnLook): number {
  return entriesOf(look).different.size;
}

function entriesOf(look: ColumnLook): { different: Set<string>; entries: number } {
  const different = new Set<string>();
  let entries = 0;
  for (const value of [...look.values.keys()].slice(0, 2000)) {
    for (const entry of entriesOfList(value)) {
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

/**
 * The character that separates the labels of a cell, or null. Because one class may be called "Food, Beverages &
 * Tobacco", most parts must also occur in other cells, alone or beside other parts.
 */
function delimiterOf(look: ColumnLook): string | null {
  for (const delimiter of delimiters) {
    const several = [...look.values.keys()].filter((value) => value.includes(delimiter));
    const cells = several.reduce((sum, value) => sum + (look.values.get(value) ?? 0), 0);
    const all = [...look.values.values()].reduce((sum, count) => sum + count, 0);
    if (several.length < 2 || cells < 0.02 * all) continue;
    const isDecimal = (value: string) => numberOf(value) !== null;
    // "3,5" is a decimal number if every cell with a comma is one; "3,7" is two labels if another cell has three.
    if (delimiter === "," && several.every(isDecimal) && !isPluralName(look) && !areNumbersOfClasses(look)) continue;
    if (delimiter === "/" && several.every((value) => /^\d+\/\d+(\/\d+)?$/.test(value))) continue;
    const places = new Map<string, number>();
    const parts = new Set<string>();
    let longest = 0;
    for (const value of look.values.keys()) {
      const ofCell = new Set(
        partsOf(value, delimiter)
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      );
      for (const part of ofCell) {
        places.set(part, (places.get(part) ?? 0) + 1);
        longest = Math.max(longest, part.length);
        if (value.includes(delimiter)) parts.add(part);
      }
    }
    const isDoubtful = doubtfulDelimiters.includes(delimiter);
    // "A+" and "C++" are names.
    if (isDoubtful && several.some((value) => partsOf(value, delimiter).some((part) => part.trim() === ""))) continue;
    const again = [...parts].filter((part) => (places.get(part) ?? 0) > 1).length;
    const least = isDoubtful ? parts.size : 0.7 * parts.size;
    if (longest <= 60 && parts.size >= 2 && again >= least && places.size < 2 * look.distinct) return delimiter;
  }
  return null;
}

/** Whether cells like "3" and "3,7" list classes: each number after a comma is the larger one and also occurs alone. */
function areNumbersOfClasses({ values }: ColumnLook): boolean {
  const pairs = [...values.keys()].filter((value) => value.includes(",")).map((value) => value.split(","));
  const seconds = new Set(pairs.map(([, second = ""]) => second));
  const alone = values.size - pairs.length;
  const areKnown = [...seconds].every((second) => values.has(second));
  return alone >= 3 && seconds.size >= 3 && areKnown && pairs.every(([one, two]) => Number(one) < Number(two));
}

const isPluralName = ({ name }: ColumnLook) =>
  /^(labels|classes|categories|tags|topics|emotions|genres|etiquetas|kategorien)$/.test(nameWords(name).at(-1) ?? "");

/** Whether the numbers of a column measure something rather than name classes. */
function areMeasures(look: ColumnLook): boolean {
  const values = [...look.values].filter(([value]) => !isMissingWord(value));
  const cells = values.reduce((sum, [, count]) => sum + count, 0);
  const all = [...look.values.values()].reduce((sum, count) => sum + count, 0);
  // Words for a missing value among numbers are left out of them.
  if (look.numeric * all < 0.95 * cells || cells < 0.5 * all) return false;
  const [distinct, distinctShare] = [values.length, values.length / Math.max(1, cells)];
  if (look.fractions > 0.02) return distinct > MOST_FRACTIONS || (distinct > 3 && distinctShare > 0.5);
  if (distinct <= MOST_NUMBERS) return false;
  if (isMeasureName(look)) return true;
  // Consecutive whole numbers are numbered classes; so are numbers in a column whose name says label.
  const numbers = values.flatMap(([value]) => numberOf(value) ?? []);
  const range = numbers.reduce((a, b) => Math.max(a, b)) - numbers.reduce((a, b) => Math.min(a, b)) + 1;
  const areNumbered = distinct >= 0.8 * range && distinctShare < 0.5;
  return !areNumbered && look.hint.label < 3 && look.hint.label !== 1;
}

/** Whether the name of a column says that it measures something. */
export const isMeasureName = ({ name }: ColumnLook) =>
  nameWords(name).some((word) =>
    /^(score|scores|rating|similarity|relatedness|price|age|points|percent|percentage|value|amount|grade|valence|arousal|puntuación|punkte|preis|оценка|评分|score1)$/.test(
      word,
    ),
  );
