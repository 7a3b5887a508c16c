import { surveyAtOnce, type StepSample } from "../data/cleaning/survey.ts";
import { readerOf } from "../tasks/targets.ts";
import { parseArgs } from "node:util";
import { textCleaner } from "../data/cleaning/clean-text.ts";
import type { Leak } from "../data/leaks.ts";
import { leaksIntoTest, prepareData, type PreparedData } from "../data/dataset.ts";
import { matchColumns, requireSeparateColumns } from "../data/choice.ts";
import { MappedTexts, type Texts } from "../io/text-column.ts";
import { labelRows } from "../data/label-rows.ts";
import { CLASSES } from "../data/label-kinds.ts";
import {
  labelColumns,
  type AugmentedRows,
  type Cleaning,
  type ColumnChoice,
  type Finding,
  type Task,
} from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import { automaticFactsOf } from "../plan/weights.ts";
import { augmentationFields, augmentationSteps } from "../recipe/augmentation-steps.ts";
import { cleaningSteps, rowFields, textFields } from "../recipe/cleaning-steps.ts";
import { defaultRecipe, type Recipe } from "../recipe/recipe.ts";
import { listed } from "../recipe/wording.ts";
import { fitToCheckpoint } from "../run/fit-to-checkpoint.ts";
import { modelFacts } from "../run/model-facts.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import {
  type ColumnNames,
  columnOptions,
  seeColumns,
  type SeenColumns,
  splitHelp,
  splitOptions,
  taskHelp,
} from "./columns.ts";
import { openModelFolder } from "./model-folder.ts";
import { required } from "./options.ts";
import { print } from "./output.ts";
import { recipeOf } from "./recipe-options.ts";
import { cleaningOf, openIfGiven, openTableOf, tableHelp, tableOptions, testFormatOptions } from "./table-options.ts";
import { textLengths } from "./text-lengths.ts";
import { namedFields } from "./without-effect.ts";

const usage = () => `npm run -s tabtune -- inspect --data FILE [options]

Shows how a table is read and what would be trained, without training. Prints one JSON object: {"rows", "format",
"columns", "task", "taskReason", "text", "pair", "label", "classes", "findings", "leaks", "cleaning"}, with changed
copies of training rows "augmentation", with --valid also "valid" of the same
form, with --model also "model", "fit" and "lengths". If the table is refused, the reason goes to standard error and the exit
code is 2.

  --data FILE      the table
  --valid FILE     a validation file
  --test FILE      a test file; --test-encoding and so on say how it is read. "leaks" has the rows of different parts of the
                   split with equal texts, or with nearly equal ones: their places and how alike they are
  --text COL  --pair COL  --label COL    columns by name (else guessed); “column 3” is the third
${splitHelp}
${taskHelp}
  --model DIR      a checkpoint to describe too: "fit" says how well its tokenizer fits the texts (pieces per word, unknown
                   tokens, scripts, capitals), with findings where it does badly; it also counts the "lengths" of the texts in tokens, and the
                   "encodedRows" that they make: with --set longTexts=windows each window is one
  --recipe FILE  --set key=value    where task, maxLength, longTexts, windowOverlap, the split and the fields of cleaning
                   are not the defaults. "cleaning" has each step with the number of rows that it changes or leaves out, or
                   would if it were on, and some of them before and after. With a share of augmentation above 0
                   (--set augmentDeletion=0.1) "augmentation" has the number of copies, of the rows that they are of and of
                   copies left out, and some rows before and after
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
  /** Rows with equal or nearly equal texts in different parts of the split, the most alike first. */
  leaks?: Leak[];
  /** What each step of cleaning does or would do; not given where there are no rows. */
  cleaning?: PrintedStep[];
  /** The changed copies of training rows, and some of them; not given where the recipe makes none. */
  augmentation?: AugmentedRows;
}

/** A step of cleaning: the recipe's field, whether it is on, the number of rows that it changes or leaves out, and some. */
interface PrintedStep {
  step: string;
  on: boolean;
  rows: number;
  samples: StepSample[];
}

/** `tabtune inspect`. */
export async function inspect(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: "string" },
      valid: { type: "string" },
      test: { type: "string" },
      ...testFormatOptions,
      ...columnOptions,
      ...splitOptions,
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
  const test = await openIfGiven(values.test, values, "test-");
  const inspected = inspectTables({ table, held, test }, { ...values, task }, cleaning, recipe);
  const opened = values.model === undefined ? null : await openModelFolder(values.model);
  const tokenizer = opened && createTokenizer(opened.tokenizer);
  const texts = textsOf(table, seeColumns(table, { ...values, task }), cleaning, recipe);
  const fitted = opened && tokenizer && texts ? fitToCheckpoint(texts, opened, tokenizer, recipe) : null;
  const ofModel = opened &&
    tokenizer && {
      model: modelFacts(opened),
      ...(fitted && { fit: fitted.fit, findings: [...inspected.findings, ...fitted.findings.map(printedFinding)] }),
      lengths: textLengths(table, seeColumns(table, { ...values, task }), {
        recipe,
        model: automaticFactsOf(opened.config),
        cleaning,
        tokenizer,
      }),
    };
  await print(`${JSON.stringify({ ...inspected, ...ofModel })}\n`);
}

/** The fields of the recipe that decide what is shown. */
const readFields: readonly string[] = [
  ...["task", "maxLength", "longTexts", "windowOverlap", "validationShare", "seed", "nearTogether"],
  ...[...textFields, ...rowFields, ...augmentationFields],
];

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
  { table, held, test = null }: { table: Table; held: Table | null; test?: Table | null },
  names: ColumnNames,
  cleaning: Cleaning,
  recipe: Recipe = defaultRecipe,
): Inspected & { valid?: Inspected } {
  const seen = seeColumns(table, names);
  const { choice } = seen;
  const split = {
    ...{ readerOf, share: recipe.validationShare, seed: recipe.seed, validationTable: held, cleaning },
    ...{ steps: cleaningSteps(recipe), augmentation: augmentationSteps(recipe), findsLeaks: true },
  };
  const prepared = choice && prepareData(table, choice, split);
  const tested = prepared && test && testLeaks(prepared, test, table, cleaning, recipe);
  const summary = prepared?.summary;
  const leaks = tested?.leaks ?? prepared?.leaks;
  const findings = [...(summary?.findings ?? [...table.findings, noChoice(seen)]), ...(tested?.findings ?? [])];
  const taskReason = summary?.taskReason ?? "";
  const prefix = held ? `In ${held.name}: ` : null;
  const isOfHeld = ({ text }: Finding) => prefix !== null && text.startsWith(prefix);
  const counted = countClasses(table, seen, cleaning);
  const ofTable = findings.filter((finding) => !isOfHeld(finding));
  const own = {
    ...describe(table, { ...seen, taskReason }, counted, ofTable),
    ...(leaks && { leaks: leaks.pairs }),
    ...(summary?.augmented && { augmentation: summary.augmented }),
    ...(choice && { cleaning: surveyed(table, choice, seen.task, cleaning, recipe) }),
  };
  if (held === null) return own;
  const ofHeld = choice
    ? findings.filter(isOfHeld).map((finding) => ({ ...finding, text: finding.text.slice(prefix?.length ?? 0) }))
    : held.findings;
  const seenHeld = choice ? matched(table, choice, held, seen.task) : seeColumns(held, names);
  const given = counted.size > 0 ? [...counted.keys()] : null;
  const countedHeld = countClasses(held, seenHeld, cleaning, given);
  return { ...own, valid: describe(held, { ...seenHeld, taskReason }, countedHeld, ofHeld) };
}

/** Leaks between all parts, the rows of a test file among them. */
function testLeaks(data: PreparedData, test: Table, table: Table, cleaning: Cleaning, recipe: Recipe) {
  const reader = readerOf(data.summary.task);
  if (reader === null) return null;
  const columns = matchColumns(table, data.choice, test);
  const clean = reader.asksWords ? null : textCleaner(recipe);
  const { rows } = labelRows(reader, test, columns, data.summary.labelNames, { cleaning, lines: test.lines, clean });
  return leaksIntoTest(data, rows);
}

/** What each step of cleaning does to the rows of a table, or would do. */
function surveyed(table: Table, choice: ColumnChoice, task: Task, cleaning: Cleaning, recipe: Recipe): PrintedStep[] {
  const reader = readerOf(task);
  if (reader === null) return [];
  const { rows } = labelRows(reader, table, choice, null, { cleaning, lines: table.lines });
  const steps = surveyAtOnce(rows, recipe, !reader.asksWords);
  return steps.map(({ field, isOn, ...step }) => ({ step: field, on: isOn, ...step }));
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
    findings: findings.map(printedFinding),
  };
}

const printedFinding = ({ id, severity, text, remedy }: Finding) => ({
  ...{ id, severity, text: `${text} ${remedy}`.trim() },
});

/** The texts of a table as a run reads them; null where no column has texts. */
function textsOf(table: Table, seen: SeenColumns, cleaning: Cleaning, recipe: Recipe): Texts | null {
  const reader = readerOf(seen.task);
  const clean = reader?.asksWords ? null : textCleaner(recipe);
  if (seen.choice && reader) return labelRows(reader, table, seen.choice, null, { cleaning, clean }).rows.texts;
  const cells = table.cells[seen.text ?? -1];
  return cells && clean ? new MappedTexts(cells, clean) : (cells ?? null);
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
