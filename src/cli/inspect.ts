import { readerOf } from "../tasks/targets.ts";
import { parseArgs } from "node:util";
import { prepareData } from "../data/dataset.ts";
import { matchColumns, requireSeparateColumns } from "../data/choice.ts";
import { labelRows } from "../data/label-rows.ts";
import { CLASSES } from "../data/label-kinds.ts";
import { labelColumns, type Cleaning, type ColumnChoice, type Finding, type Task } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import { automaticFactsOf } from "../plan/weights.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { listed } from "../recipe/wording.ts";
import { modelFacts } from "../run/model-facts.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { type ColumnNames, columnOptions, seeColumns, type SeenColumns, taskHelp } from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { required } from "./options.ts";
import { print } from "./output.ts";
import { recipeOf } from "./recipe-options.ts";
import { cleaningOf, openIfGiven, openTableOf, tableHelp, tableOptions } from "./table-options.ts";
import { textLengths } from "./text-lengths.ts";
import { namedFields } from "./without-effect.ts";

const usage = () => `npm run -s tabtune -- inspect --data FILE [options]

Shows how a table is read and what would be trained, without training. Prints one JSON object: {"rows", "format",
"columns", "task", "taskReason", "text", "pair", "label", "classes", "findings"}, with --valid also "valid" of the same
form, with --model also "model" and "lengths". If the table is refused, the reason goes to standard error and the exit
code is 2.

  --data FILE      the table
  --valid FILE     a validation file
  --text COL  --pair COL  --label COL    columns by name (else guessed); “column 3” is the third
${taskHelp}
  --model DIR      a checkpoint to describe too; its tokenizer counts the "lengths" of the texts in tokens, and the
                   "encodedRows" that they make: with --set longTexts=windows each window is one
  --recipe FILE  --set key=value    where task, maxLength, longTexts and windowOverlap are not the defaults
${tableHelp}`;

/** What is printed about a table. */
interface Inspected {
  rows: number;
  format: Pick<Table["format"], "encoding" | "delimiter" | "quote" | "header" | "skippedLines">;
  columns: string[];
  task: Task;
  /** Why it is this task. */
  taskReason: string;
  text: string | null;
  pair: string | null;
  label: string | string[] | null;
  classes: Record<string, number>;
  findings: { id: string; severity: string; text: string }[];
}

/** `tabtune inspect`. */
export async function inspect(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: "string" },
      valid: { type: "string" },
      ...columnOptions,
      model: { type: "string" },
      recipe: { type: "string" },
      set: { type: "string", multiple: true, default: [] },
      ...tableOptions,
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(usage());
  const recipe = await recipeOf(values);
  for (const line of unreadLines(values.set, recipe)) console.error(line);
  const task = values.task ?? (recipe.task === "auto" ? undefined : recipe.task);
  const table = await openTableOf(required(values.data, "--data"), values);
  const held = await openIfGiven(values.valid, values, "valid-");
  const cleaning = cleaningOf(values);
  const inspected = inspectTables(table, held, { ...values, task }, cleaning);
  const opened = values.model === undefined ? null : await openModelFolder(values.model);
  const ofModel = opened && {
    model: modelFacts(opened),
    lengths: textLengths(table, seeColumns(table, { ...values, task }), {
      recipe,
      model: automaticFactsOf(opened.config),
      cleaning,
      tokenizer: createTokenizer(opened.tokenizer),
    }),
  };
  await print(`${JSON.stringify({ ...inspected, ...ofModel })}\n`);
}

/** The fields of the recipe that decide what is shown. */
const readFields: readonly string[] = ["task", "maxLength", "longTexts", "windowOverlap"];

/** A line for each field of `--set` that decides nothing here. */
function unreadLines(set: readonly string[], recipe: Recipe): string[] {
  return namedFields({ set }, recipe)
    .filter((field) => !readFields.includes(field))
    .map(
      (field) => `note: ${field} has no effect here: inspect reads ${listed(readFields)} alone. Leave ${field} out.`,
    );
}

/** What is read from a table, and from the validation table if there is one. */
export function inspectTables(
  table: Table,
  held: Table | null,
  names: ColumnNames,
  cleaning: Cleaning,
): Inspected & { valid?: Inspected } {
  const seen = seeColumns(table, names);
  const { choice } = seen;
  const split = { readerOf, share: 0.2, seed: 42, validationTable: held, cleaning };
  const summary = choice && prepareData(table, choice, split).summary;
  const findings = summary?.findings ?? [...table.findings, noChoice(seen)];
  const taskReason = summary?.taskReason ?? "";
  const prefix = held ? `In ${held.name}: ` : null;
  const isOfHeld = ({ text }: Finding) => prefix !== null && text.startsWith(prefix);
  const counted = countClasses(table, seen, cleaning);
  const ofTable = findings.filter((finding) => !isOfHeld(finding));
  const own = describe(table, { ...seen, taskReason }, counted, ofTable);
  if (held === null) return own;
  const ofHeld = choice
    ? findings.filter(isOfHeld).map((finding) => ({ ...finding, text: finding.text.slice(prefix?.length ?? 0) }))
    : held.findings;
  const seenHeld = choice ? matched(table, choice, held, seen.task) : seeColumns(held, names);
  const given = counted.size > 0 ? [...counted.keys()] : null;
  const countedHeld = countClasses(held, seenHeld, cleaning, given);
  return { ...own, valid: describe(held, { ...seenHeld, taskReason }, countedHeld, ofHeld) };
}

function describe(
  table: Table,
  seen: SeenColumns & { taskReason: string },
  classes: Map<string, number>,
  findings: readonly Finding[],
): Inspected {
  const { encoding, delimiter, quote, header, skippedLines } = table.format;
  const name = (column: number | null) => (column === null ? null : nameOf(table, column));
  const labels = seen.labels.map((column) => nameOf(table, column));
  return {
    rows: table.rowCount,
    format: { encoding, delimiter, quote: quote === "" ? null : quote, header, skippedLines },
    columns: table.columns.map((_, column) => nameOf(table, column)),
    task: seen.task,
    taskReason: seen.taskReason,
    text: name(seen.text),
    pair: name(seen.pair),
    label: labels.length > 1 ? labels : (labels[0] ?? null),
    // `fromEntries` lets a class be called "__proto__".
    classes: Object.fromEntries(classes),
    findings: findings.map(({ id, severity, text, remedy }) => ({ id, severity, text: `${text} ${remedy}`.trim() })),
  };
}

const nameOf = ({ columns }: Table, column: number) => columns[column] ?? `column ${column + 1}`;

function matched(table: Table, choice: ColumnChoice, held: Table, task: Task): SeenColumns {
  const found = matchColumns(table, choice, held);
  requireSeparateColumns(held, found);
  return { task, text: found.text, pair: found.pair, labels: labelColumns(found), problem: "", choice: found };
}

function noChoice({ problem, task }: SeenColumns): Finding {
  const id = task === CLASSES ? "no-columns" : "other-task";
  return { id, severity: "blocking", text: problem, remedy: "", tableRows: [] };
}

/** Number of rows with text and label, by what is predicted of them; empty for numbers and tags. */
function countClasses(
  table: Table,
  { task, text, pair, labels, choice }: SeenColumns,
  cleaning: Cleaning,
  given: readonly string[] | null = null,
): Map<string, number> {
  const [only] = labels;
  const reader = readerOf(task);
  if (text === null || only === undefined || reader === null) return new Map();
  const { rows } = labelRows(reader, table, choice ?? { text, pair, label: only }, given, { cleaning });
  const counts = reader.counts(rows);
  return new Map(counts.map((count, label) => [rows.labelNames[label] ?? "", count]));
}
