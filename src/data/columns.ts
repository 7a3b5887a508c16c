import type { Texts } from "../io/text-column.ts";
import { type ColumnLook, looksOf } from "./column-look.ts";
import { findPair, holdsTexts } from "./column-pairs.ts";
import {
  areTokensAndTags,
  areWordsAndTags,
  chosenTask,
  holdLabelObjects,
  holdLetters,
  holdSpans,
  isMeasureName,
  markColumns,
} from "./column-task.ts";
import { CLASSES, NUMBERS, SEVERAL, TAGS } from "./label-kinds.ts";
import { labelColumns, splitColumns, type ColumnChoice, type Task } from "./summary.ts";

/** What a table was detected to contain, whether or not it can be trained on. */
export interface Detected {
  task: Task;
  text: number | null;
  pair: number | null;
  /** One column, or several that each mark a label. */
  labels: number[];
}

/** The guessed columns, and what was detected. */
interface Guess {
  /** Null where no column fits. */
  guess: ColumnChoice | null;
  /** Why there is no guess, in one or two sentences; "" where there is one. */
  problem: string;
  detected: Detected;
}

/** Columns chosen by a person, which are not guessed. */
interface NamedColumns {
  text?: number | undefined;
  pair?: number | undefined;
  label?: number | undefined;
  moreLabels?: readonly number[];
  group?: number | undefined;
  time?: number | undefined;
  separator?: string;
  /** The task where a person chose it. */
  task?: Task | undefined;
}

/** More classes than this are probably ids, names or dates, unless the column's name is a label's. */
const MOST_CLASSES = 200;

/**
 * Guesses which column holds the texts, which the labels, and which a second text, from names and from cells all over
 * the table. A name says more than a number of values.
 *
 * @param cells by column
 */
export function guessColumns(columns: readonly string[], cells: readonly Texts[], named: NamedColumns = {}): Guess {
  const looks = looksOf(columns, cells).filter(({ column }) => !splitColumns(named).includes(column));
  if (named.text === undefined && named.label === undefined)
    return guessTokens(looks, cells, named) ?? guessSpans(looks, named) ?? guessTexts(looks, named);
  return guessTexts(looks, named);
}

function guessTokens(looks: readonly ColumnLook[], cells: readonly Texts[], named: NamedColumns): Guess | null {
  // Few columns are lists, of a table with thousands too.
  const lists = looks.filter((look) => look.lists >= 0.9);
  for (const tokens of lists) {
    const tags = lists.filter((look) => look !== tokens && areTokensAndTags(tokens, look, cells));
    const chosen = best(
      tags.map((look) => [look, 1 + nameRank(look) + (/ner/i.test(look.name) ? 1 : 0) + (holdLetters(look) ? 8 : 0)]),
    );
    if (chosen === null) continue;
    return withLabel(tokens, null, chosen, named);
  }
  return null;
}

/** Texts with spans of them. */
function guessSpans(looks: readonly ColumnLook[], named: NamedColumns): Guess | null {
  const spans = best(looks.filter(holdSpans).map((look) => [look, 1 + nameRank(look)]));
  const text = spans && best(looks.filter((look) => look !== spans).map((look) => [look, textScore(look)]));
  return text && withLabel(text, null, spans, named);
}

/** Words with their tags, one in each row. */
function guessWords(looks: readonly ColumnLook[], named: NamedColumns): Guess | null {
  for (const tags of looks) {
    const words = looks.filter((look) => look !== tags && areWordsAndTags(look, tags));
    const chosen = best(words.map((look) => [look, look.hint.text + look.distinctShare]));
    if (chosen !== null) return withLabel(chosen, null, tags, named);
  }
  return null;
}

function guessTexts(all: readonly ColumnLook[], named: NamedColumns): Guess {
  const ofLabels = named.label === undefined ? [] : labelColumns({ ...named, label: named.label });
  const looks = all.filter(({ column }) => !ofLabels.includes(column));
  const others = looks.filter(({ column }) => column !== named.pair);
  const namedText = all.find(({ column }) => column === named.text);
  const pair = namedText || named.pair !== undefined ? null : findPair(looks);
  const long = namedText ?? pair?.[0] ?? best(others.map((look) => [look, textScore(look)]));
  const tagged = long === null && named.label === undefined ? guessWords(others, named) : null;
  if (tagged !== null) return tagged;
  const text = long ?? shortTexts(others);
  if (text === null) {
    const problem = `No column looks like text: ${describe(looks)}. Choose the column with the texts.`;
    return { guess: null, problem, detected: { task: CLASSES, text: null, pair: null, labels: [] } };
  }
  const namedLabel = all.find(({ column }) => column === named.label);
  if (namedLabel) return withLabel(text, pair?.[1] ?? null, namedLabel, named);
  const label = labelBeside(looks, [text, ...(pair ? [pair[1]] : [])], named);
  if (label === null && pair !== null) {
    // What looks like a second text may be the answer to learn.
    const alone = labelBeside(looks, [text], named);
    if (alone !== null) return withLabel(text, null, alone, named);
  }
  const marks =
    named.task && named.task !== SEVERAL ? [] : markColumns(looks, text).filter((look) => look !== pair?.[1]);
  if (marks.length > 0 && (label === null || label.hint.label < 3 || isOneOf(marks, label))) {
    const general = label !== null && isOneOf(marks, label) && /^(label|class|target|y)$/i.test(label.name);
    if (!general) return severalLabels(text, pair?.[1] ?? null, marks, named);
  }
  const constant = looks.find((look) => look !== text && look.hint.label >= 3 && look.distinct === 1);
  if (label === null && constant !== undefined) return withLabel(text, pair?.[1] ?? null, constant, named);
  if (label === null) {
    const rest = looks.filter((look) => look !== text && look !== pair?.[1]);
    const problem = `No column beside "${text.name}" looks like labels${rest.length === 0 ? "" : `: ${describe(rest)}`}. A label column has few different values that come again and again; choose it.`;
    const detected = { task: CLASSES, text: text.column, pair: pair?.[1].column ?? null, labels: [] };
    return { guess: null, problem, detected };
  }
  return withLabel(text, pair?.[1] ?? null, label, named);
}

function withLabel(text: ColumnLook, pair: ColumnLook | null, label: ColumnLook, named: NamedColumns): Guess {
  const { task } = chosenTask(named, label, text);
  const guess = {
    text: text.column,
    // Words of one text have tags.
    pair: task === TAGS ? null : (pair?.column ?? null),
    label: label.column,
    ...(named.moreLabels && { moreLabels: named.moreLabels }),
    ...(named.group !== undefined && { group: named.group }),
    ...(named.time !== undefined && { time: named.time }),
    ...(named.separator !== undefined && { separator: named.separator }),
    ...(named.task && { task: named.task }),
  };
  return { guess, problem: "", detected: { task, text: guess.text, pair: guess.pair, labels: labelColumns(guess) } };
}

/** Columns that each mark one label, so that a text can have several. */
function severalLabels(
  text: ColumnLook,
  pair: ColumnLook | null,
  marks: readonly ColumnLook[],
  named: NamedColumns,
): Guess {
  const [label = text, ...others] = marks;
  return withLabel(text, pair, label, { ...named, moreLabels: others.map(({ column }) => column) });
}

const isOneOf = (looks: readonly ColumnLook[], look: ColumnLook) => looks.includes(look);

function labelBeside(
  looks: readonly ColumnLook[],
  taken: readonly ColumnLook[],
  named: NamedColumns,
): ColumnLook | null {
  const text = taken[0] ?? null;
  return best(looks.filter((look) => !taken.includes(look)).map((look) => [look, labelScore(look, text, named)]));
}

/** How much a column looks like texts; null when not at all. Grows with the words of a cell, by their logarithm. */
function textScore(look: ColumnLook): number | null {
  const { hint, filled, unwordy, distinct, distinctShare, meanWords, lists, objects } = look;
  if (filled < 0.2 || unwordy > 0.5 || distinct < 2 || lists > 0.5) return null;
  if (hint.text < 1 && (meanWords < 2 || distinctShare < 0.1)) return null;
  // A column that is named for texts, with a few values again and again, holds classes ("label_text").
  if (hint.label > 0 && distinctShare < 0.5 && meanWords < 4) return null;
  const ofName = hint.text > 1 ? 1.5 : hint.text < 0 ? -1.5 : 0;
  return Math.log2(1 + meanWords) * filled * (0.3 + 0.7 * distinctShare) + ofName - (objects > 0.5 ? 4 : 0);
}

/** Names, addresses or single words, where a table has no longer texts. */
function shortTexts(looks: readonly ColumnLook[]): ColumnLook | null {
  return best(
    looks.map((look) => {
      const { filled, distinctShare, numeric, lists, distinct, hint } = look;
      const isText = filled >= 0.5 && distinctShare > 0.5 && numeric < 0.1 && lists < 0.1 && distinct > 2;
      return [look, isText && hint.label < 1 && meanLength(look) >= 3 ? distinctShare + hint.text : null];
    }),
  );
}

function meanLength({ values }: ColumnLook): number {
  let length = 0;
  for (const value of values.keys()) length += value.length;
  return length / Math.max(1, values.size);
}

/** How much a column looks like labels; null when not at all. Falls with the number of classes. */
function labelScore(look: ColumnLook, text: ColumnLook | null, named: NamedColumns): number | null {
  const { hint, filled, distinct, distinctShare, meanWords, objects } = look;
  const isNamed = hint.label >= 2;
  if (filled < (isNamed ? 0.1 : 0.5) || distinct < 2 || (objects > 0.5 && !holdLabelObjects(look))) return null;
  const { task } = chosenTask(named, look, text);
  const base =
    nameRank(look) + look.classLike * 2 - 2 * Number(look.languageLike > 0.9) - 3 * Number(look.splitLike > 0.9);
  if (task === NUMBERS) {
    // Whole numbers that hardly repeat are ids or counts of something, unless the name says what they measure.
    if (!isNamed && !isMeasureName(look) && look.fractions < 0.02) return null;
    return base + 0.2 * filled;
  }
  if (task === SEVERAL || task === TAGS) return base + 0.8 * filled;
  // In a small table even a label column repeats little; one whose name says so may then have mostly distinct values.
  if (distinctShare > (isNamed ? 0.9 : 0.5) || (!isNamed && distinct > MOST_CLASSES)) return null;
  if (meanWords > (isNamed ? 12 : 6)) return null;
  return base + (filled * 10) / (8 + Math.log2(distinct));
}

const nameRank = ({ hint }: ColumnLook) => (hint.label < 0 ? -3 : hint.label * 2);

/** The first of the highest score, or null where none has one. */
function best(scored: [ColumnLook, number | null][]): ColumnLook | null {
  let chosen: ColumnLook | null = null;
  let most = -Infinity;
  for (const [look, score] of scored) if (score !== null && score > most) [chosen, most] = [look, score];
  return chosen;
}

/** Columns of texts that the choice does not read, those with the most words first. */
export function unusedTexts(looks: readonly ColumnLook[], choice: ColumnChoice): ColumnLook[] {
  const chosen: (number | null)[] = [choice.text, choice.pair, ...labelColumns(choice), ...splitColumns(choice)];
  return looks
    .filter((look) => !chosen.includes(look.column) && look.hint.text >= 0 && look.hint.label < 2 && holdsTexts(look))
    .filter(({ meanWords, distinctShare, filled }) => meanWords >= 3 && distinctShare >= 0.3 && filled >= 0.5)
    .sort((a, b) => b.meanWords - a.meanWords);
}

function describe(looks: readonly ColumnLook[]): string {
  const shown = looks.slice(0, 5).map((look) => {
    const { distinct, meanWords, name } = look;
    const values = distinct === 1 ? "only 1 value" : `${distinct.toLocaleString("en")} different values`;
    const words = Number(meanWords.toFixed(1));
    return `"${name}" (${distinct === 0 ? "empty" : `${words} ${words === 1 ? "word" : "words"} per cell, ${values}`})`;
  });
  return shown.join(", ") + (looks.length > 5 ? ` and ${looks.length - 5} more columns` : "");
}
