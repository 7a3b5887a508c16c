import type { Texts } from "../io/text-column.ts";
import type { ColumnChoice } from "./summary.ts";

/** What a column's cells look like; shares are of the rows looked at. */
interface ColumnLook {
  column: number;
  name: string;
  /** Share of cells with anything in them. */
  filled: number;
  /** Of the filled cells. */
  meanWords: number;
  distinct: number;
  /** Distinct values for each filled cell: 1 when no value comes twice. */
  distinctShare: number;
  /** Share of the filled cells that are numbers, dates or web addresses. */
  unwordy: number;
}

const LOOKED_AT = 5000;
/** More classes than this are rather ids, names or dates. */
const MOST_CLASSES = 200;

const textNames =
  /^(text|sentence1?|message|msg|review|tweet|content|comment|utterance|question1?|query|premise|body|description|document|title|headline|sms|v2)$/;
const labelNames =
  /^(label|labels|class|category|target|sentiment|intent|y|topic|tag|rating|stars|score|polarity|emotion|gold|spam|toxic|v1)$|(^|[_ ])(label|class|category|sentiment|target|intent|topic)$/;
const pairNames: [RegExp, RegExp][] = [
  [/^(sentence|question|text|string)[_ ]?(1|a)$/, /^(sentence|question|text|string)[_ ]?(2|b)$/],
  [/^(premise|sentence|context)$/, /^hypothesis$/],
  [/^question$/, /^(sentence|passage|context)$/],
  [/^query$/, /^(document|passage|title)$/],
];

/**
 * Guesses which column holds the texts, which the labels, and which a second text, from names and cells (by column) of
 * the first 5,000 rows. Where no column fits, `guess` is null and `problem` says in one or two sentences what was seen.
 */
export function guessColumns(
  columns: readonly string[],
  cells: readonly Texts[],
): { guess: ColumnChoice | null; problem: string } {
  const looks = columns.map((name, column) => lookAt(name, column, cells[column] ?? []));
  const pair = findPair(looks);
  const text = pair?.[0] ?? best(looks.map((look) => [look, textScore(look)]));
  if (text === null) {
    return { guess: null, problem: `No column looks like text: ${describe(looks)}. Choose the column with the texts.` };
  }
  const rest = looks.filter((look) => look !== text && look !== pair?.[1]);
  const label = best(rest.map((look) => [look, labelScore(look)]));
  if (label === null) {
    const problem = `No column beside "${text.name}" looks like labels${rest.length === 0 ? "" : `: ${describe(rest)}`}. A label column has few different values that come again and again; choose it.`;
    return { guess: null, problem };
  }
  return { guess: { text: text.column, pair: pair?.[1].column ?? null, label: label.column }, problem: "" };
}

function lookAt(name: string, column: number, cells: Texts): ColumnLook {
  const count = Math.min(cells.length, LOOKED_AT);
  const values = new Set<string>();
  let filled = 0;
  let words = 0;
  let unwordy = 0;
  for (let row = 0; row < count; row++) {
    // Long texts are judged by their beginning, so that books do not hold up the guess.
    const cell = (cells.at(row) ?? "").slice(0, 2000).trim();
    if (cell === "") continue;
    filled++;
    values.add(cell);
    words += cell.split(/\s+/).length;
    if (/^[-+\d.,:/%\s[\]()]+$|^https?:\/\/\S+$|^\d{4}-\d\d-\d\d/.test(cell)) unwordy++;
  }
  return {
    column,
    name,
    filled: filled / Math.max(1, count),
    meanWords: words / Math.max(1, filled),
    distinct: values.size,
    distinctShare: values.size / Math.max(1, filled),
    unwordy: unwordy / Math.max(1, filled),
  };
}

/** How much a column looks like texts; 0 when not at all. Grows with the words of a cell, by their logarithm. */
function textScore(look: ColumnLook): number {
  const hinted = textNames.test(look.name.toLowerCase());
  if (look.filled < 0.2 || look.unwordy > 0.5 || look.distinct < 2) return 0;
  if (!hinted && (look.meanWords < 2 || look.distinctShare < 0.1)) return 0;
  return Math.log2(1 + look.meanWords) * look.filled * (0.3 + 0.7 * look.distinctShare) + (hinted ? 1.5 : 0);
}

/** How much a column looks like labels; 0 when not at all. Falls with the number of classes. */
function labelScore(look: ColumnLook): number {
  const hinted = labelNames.test(look.name.toLowerCase());
  // In a small table even a label column repeats little; one whose name says so may then have mostly distinct values.
  const mostDistinct = hinted ? 0.9 : 0.5;
  if (look.filled < 0.5 || look.distinct < 2 || look.distinct > MOST_CLASSES || look.distinctShare > mostDistinct)
    return 0;
  if (look.meanWords > 6) return 0;
  // 2 to 77 classes should all do; a hint in the name outweighs any difference in their number.
  return (
    (look.filled * 10) / (8 + Math.log2(look.distinct)) + (hinted ? 3 : 0) - (look.name.startsWith("column ") ? 0.2 : 0)
  );
}

function findPair(looks: readonly ColumnLook[]): [ColumnLook, ColumnLook] | null {
  const named = (pattern: RegExp) => looks.find((look) => pattern.test(look.name.toLowerCase()) && textScore(look) > 0);
  for (const [firstName, secondName] of pairNames) {
    const first = named(firstName);
    const second = named(secondName);
    if (first !== undefined && second !== undefined) return [first, second];
  }
  return null;
}

/** The first of the highest score, or null where all are 0. */
function best(scored: [ColumnLook, number][]): ColumnLook | null {
  let chosen: ColumnLook | null = null;
  let most = 0;
  for (const [look, score] of scored) if (score > most) [chosen, most] = [look, score];
  return chosen;
}

function describe(looks: readonly ColumnLook[]): string {
  const shown = looks.slice(0, 5).map((look) => {
    const words =
      look.distinct === 0
        ? "empty"
        : `${Number(look.meanWords.toFixed(1))} words a cell, ${look.distinct} different values`;
    return `"${look.name}" (${words})`;
  });
  return shown.join(", ") + (looks.length > 5 ? ` and ${looks.length - 5} more columns` : "");
}
