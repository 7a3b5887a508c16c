import { requireSeparateColumns } from "../data/choice.ts";
import { nameWords } from "../data/column-name.ts";
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

/** Columns by name, as given on the command line; those not given are guessed. */
export interface ColumnNames {
  text?: string | undefined;
  pair?: string | undefined;
  /** One column, or one for each label. */
  label?: string | readonly string[] | undefined;
  "label-separator"?: string | undefined;
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
  const named = {
    text: place(names.text),
    pair: place(names.pair),
    label,
    ...(moreLabels.length > 0 && { moreLabels }),
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

/** The column with a name; "column 3" is the third in any table. Case and spaces are ignored if only one then matches. */
export function columnNamed(table: Table, name: string): number {
  const place = table.columns.indexOf(name);
  if (place >= 0) return place;
  const numbered = Number(/^column (\d+)$/i.exec(name)?.[1] ?? NaN);
  if (numbered >= 1 && numbered <= table.columns.length) return numbered - 1;
  const words = nameWords(name).join(" ");
  const alike = table.columns.flatMap((other, column) => (nameWords(other).join(" ") === words ? [column] : []));
  const [only] = alike;
  if (only !== undefined && alike.length === 1 && words !== "") return only;
  throw new Problem({
    found: `${table.name} has no column “${name}”.`,
    expected: `Its columns are ${table.columns.join(", ")}.`,
    remedy: "Name one of these columns.",
  });
}
