import { Problem } from "../problem/problem.ts";
import { numberOf, thousandsSign, type ThousandsSign } from "./cell-number.ts";
import { type ColumnLook, looksOf } from "./column-look.ts";
import { nameWords } from "./column-name.ts";
import { chosenTask, gradesOf, holdsMarks, isProperty, type LabelTask } from "./column-task.ts";
import { unusedTexts } from "./columns.ts";
import { CLASSES, kindWords, NUMBERS, SEVERAL, TAGS } from "./label-kinds.ts";
import { labelColumns, splitColumns, type ColumnChoice, type Finding, type Task } from "./summary.ts";
import type { Table } from "./table.ts";
import { counted, quoted } from "../recipe/wording.ts";

/** Throws a `Problem` if one column has two roles. */
export function requireSeparateColumns(
  { columns, name: file }: Pick<Table, "columns" | "name">,
  choice: ColumnChoice,
): void {
  const roles = [
    ["text", choice.text],
    ["second text", choice.pair],
    ...labelColumns(choice).map((column) => ["label", column] as const),
    ["group", choice.group ?? null],
    ["time", choice.time ?? null],
  ] as const;
  for (const [place, [first, column]] of roles.entries()) {
    const second = roles.find(([, other], otherPlace) => otherPlace !== place && other === column)?.[0];
    if (column === null || second === undefined) continue;
    const others = columns.filter((_, place) => !roles.some(([, taken]) => taken === place));
    throw new Problem({
      found: `The column "${columns[column] ?? ""}" of ${file} is chosen as ${first} and as ${second}.`,
      expected: "A column can have one role only.",
      remedy:
        others.length > 0
          ? `Choose another column for one of them: ${quoted(others, 8)}.`
          : "Choose another column for one of them, or another file: this one has no other column.",
    });
  }
}

/** The chosen columns in a second table: by name, by the same place among columns of one name, or by place where there are no names. */
export function matchColumns(table: Table, choice: ColumnChoice, held: Table): ColumnChoice {
  const seek = (column: number): number | undefined => {
    const place = placeOfName(table.columns[column] ?? "", column, table.columns, held.columns);
    if (place >= 0) return place;
    const unnamed = !table.format.header || !held.format.header;
    return unnamed && column < held.columns.length ? column : undefined;
  };
  const find = (column: number): number => {
    const found = seek(column);
    if (found !== undefined) return found;
    const name = table.columns[column] ?? "";
    throw new Problem({
      found: `${held.name} has no column "${name}"; its columns are ${quoted(held.columns, 8)}.`,
      expected: `A validation file with the same columns as ${table.name} was expected.`,
      remedy: "Rename the column in the validation file, or choose another file.",
    });
  };
  const text = find(choice.text);
  const pair = choice.pair === null ? null : find(choice.pair);
  const [label = 0, ...others] = labelColumns(choice).map(find);
  // Rows of a file of their own are not split, so that it may lack these.
  const { group, time, ...rest } = choice;
  const seekIn = (column: number | null | undefined) => (typeof column === "number" ? seek(column) : undefined);
  const by = { group: seekIn(group), time: seekIn(time) };
  return {
    ...rest,
    text,
    pair,
    label,
    ...(others.length > 0 && { moreLabels: others }),
    ...(by.group !== undefined && { group: by.group }),
    ...(by.time !== undefined && { time: by.time }),
  };
}

function placeOfName(name: string, column: number, columns: readonly string[], held: readonly string[]): number {
  // With two columns of one name, the first of them belongs to the first, the second to the second.
  const nth = columns.slice(0, column).filter((other) => other === name).length;
  const places = held.flatMap((other, place) => (other === name ? [place] : []));
  const exact = places[nth] ?? (nth === 0 ? undefined : places[0]);
  if (exact !== undefined) return exact;
  const alike = held.flatMap((other, place) =>
    nameWords(other).join(" ") === nameWords(name).join(" ") ? [place] : [],
  );
  return alike.length === 1 ? (alike[0] ?? -1) : -1;
}

/** What the labels of chosen columns are. */
interface SeenLabels {
  task: Task;
  /** Why it is this task, as a sentence. */
  reason: string;
  /** What separates several labels in one cell; null where nothing does. */
  separator: string | null;
  /** What stands between the thousands of numbers; null where nothing does, undefined where labels are no numbers. */
  thousands?: ThousandsSign | null;
  findings: Finding[];
}

/**
 * The task of the chosen columns, and what is to be known of them: labels of a task that cannot be trained, and texts
 * that are not read.
 *
 * @param isTrained whether a task can be trained
 */
export function inspectChoice(
  { columns, cells }: Pick<Table, "columns" | "cells">,
  choice: ColumnChoice,
  isTrained: (task: Task) => boolean,
): SeenLabels {
  const looks = looksOf(columns, cells);
  const label = looks[choice.label];
  if (label === undefined) return { task: CLASSES, reason: "", separator: null, findings: [] };
  const found = chosenTask(choice, label, looks[choice.text] ?? null);
  const reason = choice.task === undefined ? reasonOf(found, label, choice) : "The task was chosen by hand.";
  const findings = [
    ...(isTrained(found.task) ? taskFindings(found, label, choice, reason) : otherTask(found, choice, reason)),
    ...severalColumns(found, columns, choice),
    ...unusedText(looks, choice),
    ...(found.task === CLASSES ? otherMarks(looks, choice) : []),
  ];
  const thousands = choice.thousands === undefined ? thousandsSign(label.values.keys()) : choice.thousands;
  return {
    task: found.task,
    reason,
    separator: found.delimiter,
    ...(found.task === NUMBERS && { thousands }),
    findings,
  };
}

/** What of the labels says which task they are for. */
function reasonOf({ task, delimiter }: LabelTask, label: ColumnLook, choice: ColumnChoice): string {
  const columns = labelColumns(choice).length;
  const { is } = kindWords(task);
  if (columns > 1) return `${columns} columns each mark one label, so that a text can have several: ${is}.`;
  const what: Partial<Record<Task, string>> = {
    [CLASSES]: `${is}: ${counted(label.distinct, "value")} that ${label.distinct === 1 ? "comes" : "come"} again.`,
    [SEVERAL]:
      delimiter === null
        ? `has a list of labels in each cell: ${is}.`
        : `has several labels in one cell, with "${delimiter}" between them: ${is}.`,
    [NUMBERS]: `has ${label.distinct.toLocaleString("en")} different numbers${rangeOf(label)}: ${is}.`,
    [TAGS]: `has a tag for each token: ${is}.`,
  };
  return `The column "${label.name}" ${what[task] ?? `is ${is}.`}`;
}

const eachValue = (choice: ColumnChoice): NonNullable<Finding["fix"]> => {
  const { text, pair, label, group, time } = choice;
  const columns = { text, pair, label, group, time, task: CLASSES };
  return { label: "Treat each value as a class", change: { columns } };
};

/** Says of labels that are no single classes what they are, and of numbers that count as classes that they do. */
function taskFindings(found: LabelTask, label: ColumnLook, choice: ColumnChoice, reason: string): Finding[] {
  if (choice.task !== undefined) return [];
  const grades = found.task === CLASSES ? gradesOf(label) : null;
  if (grades) {
    return [
      {
        id: "numbers-as-classes",
        severity: "note",
        text: `The labels are the numbers ${grades.least} to ${grades.most}, each of which is learned as a class.`,
        remedy: "Predict a number instead where they are grades or stars: then 4 counts as nearer to 5 than 1 does.",
        tableRows: [],
        fix: { label: "Predict a number", change: { columns: { ...choice, task: NUMBERS } } },
      },
    ];
  }
  if (found.task === CLASSES || choice.separator !== undefined) return [];
  const fix = labelColumns(choice).length > 1 ? {} : { fix: eachValue(choice) };
  return [{ id: "detected-task", severity: "note", text: reason, remedy: "", tableRows: [], ...fix }];
}

/** Several label columns or texts, where the task reads one. */
function severalColumns({ task }: LabelTask, columns: readonly string[], choice: ColumnChoice): Finding[] {
  const chosen = labelColumns(choice).map((column) => columns[column] ?? "");
  if (task === TAGS && choice.pair !== null) {
    return [
      {
        id: "several-columns",
        severity: "blocking",
        text: `A second text is chosen ("${columns[choice.pair] ?? ""}"), and the task “${task}” reads one.`,
        remedy: "Leave the second text out.",
        tableRows: [],
        fix: { label: "Leave the second text out", change: { columns: { ...choice, pair: null } } },
      },
    ];
  }
  if (task === SEVERAL || chosen.length < 2) return [];
  return [
    {
      id: "several-columns",
      severity: "blocking",
      text: `${chosen.length} label columns are chosen (${quoted(chosen, 5)}), and the task “${task}” reads one.`,
      remedy: `Choose one of them, or the task “${SEVERAL}”, where each column says whether a text has its label.`,
      tableRows: [],
    },
  ];
}

/** Labels of a task that cannot be trained stand in the way of training. */
function otherTask(found: LabelTask, choice: ColumnChoice, reason: string): Finding[] {
  const { title } = kindWords(found.task);
  return [
    {
      id: "other-task",
      severity: "blocking",
      text: reason,
      remedy: `${title} cannot be trained yet: choose a label column with one class for each text, or treat each value as a class.`,
      tableRows: [],
      fix: eachValue(choice),
    },
  ];
}

function rangeOf({ values }: ColumnLook): string {
  let [least, most] = [Infinity, -Infinity];
  const thousands = thousandsSign(values.keys());
  for (const value of values.keys()) {
    const number = numberOf(value, thousands);
    if (number !== null) [least, most] = [Math.min(least, number), Math.max(most, number)];
  }
  return least <= most ? ` from ${least} to ${most}` : "";
}

/** Columns of marks beside a label column of marks: their labels are not learned. */
function otherMarks(looks: readonly ColumnLook[], choice: ColumnChoice): Finding[] {
  const label = looks[choice.label];
  const areChosen = choice.task !== undefined || label === undefined || !holdsMarks(label);
  if (areChosen || /^(label|class|target|y)$/i.test(label.name)) return [];
  const taken: (number | null)[] = [choice.text, choice.pair, choice.label, ...splitColumns(choice)];
  const isOther = (look: ColumnLook) =>
    !taken.includes(look.column) && look.hint.label >= 0 && !isProperty(look) && holdsMarks(look);
  const others = looks.filter(isOther);
  if (others.length === 0) return [];
  const moreLabels = others.map(({ column }) => column);
  const names = quoted(
    others.map(({ name }) => name),
    5,
  );
  return [
    {
      id: "other-marks",
      severity: "note",
      text: `Beside "${label.name}", ${others.length === 1 ? `the column ${names} says` : `the columns ${names} say`} yes or no of each row too and ${others.length === 1 ? "is" : "are"} not read.`,
      remedy: "Choose all of them as labels where a text can have several of them.",
      tableRows: [],
      fix: { label: "Learn all of them as labels", change: { columns: { ...choice, moreLabels, task: SEVERAL } } },
    },
  ];
}

function unusedText(looks: readonly ColumnLook[], choice: ColumnChoice): Finding[] {
  const [first, ...others] = unusedTexts(looks, choice);
  if (first === undefined) return [];
  const names = quoted(
    [first, ...others].map(({ name }) => name),
    3,
  );
  const isPair = choice.pair !== null;
  // A column of texts as long as those that are read may well be the second half of each row.
  const text = looks[choice.text];
  const isAlike = text !== undefined && first.meanWords > text.meanWords / 3 && first.meanWords < 3 * text.meanWords;
  return [
    {
      id: "unused-text",
      severity: isAlike && !isPair ? "warning" : "note",
      text: `${others.length === 0 ? `The column ${names} holds` : `The columns ${names} hold`} texts too and ${others.length === 0 ? "is" : "are"} not read.`,
      remedy: isPair ? "" : "Choose it as second text if both belong together.",
      tableRows: [],
      ...(!isPair && {
        fix: { label: `Read "${first.name}" as second text`, change: { columns: { ...choice, pair: first.column } } },
      }),
    },
  ];
}
