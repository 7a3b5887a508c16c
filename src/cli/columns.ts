import { requireSeparateColumns } from "../data/choice.ts";
import { columnNamed } from "../data/column-named.ts";
import { type Detected, guessColumns } from "../data/columns.ts";
import type { ColumnChoice, Task } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import { tasks } from "../tasks/registry.ts";
import { Problem } from "../problem/problem.ts";
import { characterNamed } from "./table-options.ts";

/** The lines of `--help` on the option that names the task. */
export const taskHelp = [
  "  --label-separator C     what separates several labels in one cell; --label may be repeated, for a column of each label",
  ...tasks.map(({ name, targets }) => `  --task ${name}    ${targets}, whatever the values look like`),
].join("\n");

/** The options that name columns and say what their labels are. */
export const columnOptions = {
  text: { type: "string" },
  pair: { type: "string" },
  label: { type: "string", multiple: true },
  "label-separator": { type: "string" },
  task: { type: "string" },
} as const;

/** The options that name columns by which rows are held out. */
export const splitOptions = { group: { type: "string" }, time: { type: "string" } } as const;

/** The lines of `--help` on these. */
export const splitHelp = `  --group COL      rows with the same value of this column are held out together; classes are kept as far as groups allow
  --time COL       the latest rows by this column are held out: dates, or numbers`;

/** Columns by name, as given on the command line; those not given are guessed. */
export interface ColumnNames {
  text?: string | undefined;
  pair?: string | undefined;
  /** One column, or one for each label. */
  label?: string | readonly string[] | undefined;
  "label-separator"?: string | undefined;
  /** Columns by which rows are held out. */
  group?: string | undefined;
  time?: string | undefined;
  /** Name of a task, where its labels are to be read whatever the values look like. */
  task?: string | undefined;
}

/** The columns of a table, where those named on the command line replace the guessed ones. */
export interface SeenColumns extends Detected {
  /** Why something is missing, or "". */
  problem: string;
  /** Null unless the columns are one text and one label. */
  choice: ColumnChoice | null;
}

/**
 * The columns that a command reads. `options` is the prefix of the options that name them, e.g. "earlier-". Throws a
 * Problem when a name is not a column, one column has two roles, or a needed column cannot be guessed.
 */
export function chooseColumns(table: Table, names: ColumnNames, options = ""): ColumnChoice {
  const { choice, problem } = seeColumns(table, names);
  if (choice) return choice;
  throw new Problem({
    found: problem,
    expected: `A column of texts and one of labels were expected among ${table.columns.join(", ")}.`,
    remedy: `Name them with --${options}text and --${options}label.`,
  });
}

/** Like `chooseColumns`, but what cannot be guessed is null, and labels of every task are found. */
export function seeColumns(table: Table, names: ColumnNames): SeenColumns {
  const place = (name: string | undefined) => (name === undefined ? undefined : columnNamed(table, name));
  const [label, ...moreLabels] = [names.label ?? []].flat().map((name) => columnNamed(table, name));
  const separator = names["label-separator"];
  if (separator !== undefined && moreLabels.length > 0) throw separatorBesideColumns(moreLabels.length + 1);
  const named = {
    text: place(names.text),
    pair: place(names.pair),
    label,
    ...(moreLabels.length > 0 && { moreLabels }),
    group: place(names.group),
    time: place(names.time),
    ...(separator !== undefined && { separator: characterNamed(separator, "--label-separator") }),
    task: taskNamed(names.task),
  };
  const { guess, problem, detected } = guessColumns(table.columns, table.cells, named);
  // A guessed pair goes only with a guessed text.
  const guessedPair = named.text === undefined && detected.pair !== named.label ? detected.pair : null;
  const pair = named.pair ?? guessedPair;
  if (guess === null) return { ...detected, pair, problem, choice: null };
  const choice = { ...guess, pair };
  requireSeparateColumns(table, choice);
  return { ...detected, pair, problem, choice };
}

function taskNamed(task: string | undefined): Task | undefined {
  if (task === undefined || tasks.some(({ name }) => name === task)) return task;
  throw new Problem({
    found: `--task is “${task}”.`,
    expected: `The tasks are ${tasks.map(({ name }) => name).join(", ")}.`,
    remedy: "Correct the option, or leave it out to have the task detected.",
  });
}

function separatorBesideColumns(columns: number): Problem {
  return new Problem({
    found: `--label-separator is given beside ${columns} columns of labels.`,
    expected: "It separates the labels in the cells of one column; of several columns each marks one label.",
    remedy: "Leave it out, or name one column with --label.",
  });
}
