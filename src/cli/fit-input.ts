import { augmentedCopies, type Copies, withMaskTokens, withCopies } from "../data/augmentation/augmented-rows.ts";
import { readerOf, targetsOf } from "../tasks/targets.ts";
import { lengthOf, rowCount } from "../data/batches.ts";
import { augmentationSteps, type AugmentationSteps } from "../recipe/augmentation-steps.ts";
import { cleaningSteps, type CleaningSteps } from "../recipe/cleaning-steps.ts";
import { leaksIntoTest, prepareData, type PreparedData } from "../data/dataset.ts";
import { countLabels } from "../data/groups.ts";
import { hasClasses } from "../data/row-labels.ts";
import { histogramOfLengths, joined } from "../data/lengths.ts";
import type { EncodedDataset, EncodedRows, LabelledRows } from "../data/rows.ts";
import type { ColumnChoice, Finding } from "../data/summary.ts";
import { withLines } from "../data/table-findings.ts";
import { cutAt, type TextLimit } from "../data/text-limit.ts";
import { labelled } from "../data/windows.ts";
import type { Table } from "../data/table.ts";
import { onWasm } from "../gpu/backend.ts";
import { runningGpu } from "../gpu/running.ts";
import { automaticFactsOf, stayingRandom } from "../plan/weights.ts";
import { Problem } from "../problem/problem.ts";
import { longestAutomatic } from "../recipe/automatic-rules.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { counted } from "../recipe/wording.ts";
import { isRelevant, withTask } from "../recipe/relevance.ts";
import { fitToCheckpoint } from "../run/fit-to-checkpoint.ts";
import type { OpenedModel } from "../run/open-model.ts";
import { faultOfForms, plainReason } from "../run/self-test.ts";
import { tuneTiles } from "../run/tune.ts";
import { headSource, newHeadReason, spellingNote } from "../tasks/kept-head.ts";
import { defaultTask } from "../tasks/registry.ts";
import { limitOf, type TrainedTask } from "../tasks/task.ts";
import { trainedTaskNamed } from "../tasks/trained-tasks.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { maskToken } from "../tokenize/special-tokens.ts";
import { createTokenizer, type Tokenizer } from "../tokenize/tokenizer.ts";
import { chooseColumns, columnOptions, splitOptions, type ColumnNames } from "./columns.ts";
import { findingLine, showTable } from "./data-lines.ts";
import { openModelFolder } from "./model-folder.ts";
import { nodeBackendOptions, startTestedBackend } from "./node-backend.ts";
import { backendOption, required, threadsOption } from "./options.ts";
import { filledIn, recipeOf } from "./recipe-options.ts";
import type { RunMachine } from "./run-saves.ts";
import { linesWithoutEffect, type NamingOptions } from "./without-effect.ts";
import { usedColumns } from "../insight/table-slices.ts";
import {
  tableOptions,
  testFormatOptions,
  cleaningOf,
  openIfGiven,
  openTableOf,
  type OptionValues,
} from "./table-options.ts";
import { fileTuningStore, nodeEngine, tuningPath } from "./tune.ts";

/** Options of all commands that train. */
export const fitOptions = {
  model: { type: "string" },
  data: { type: "string" },
  valid: { type: "string" },
  test: { type: "string" },
  ...tableOptions,
  ...testFormatOptions,
  ...columnOptions,
  ...splitOptions,
  recipe: { type: "string" },
  preset: { type: "string" },
  set: { type: "string", multiple: true, default: [] as string[] },
  backend: { type: "string", default: "auto" },
  threads: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

interface FitValues extends Record<string, unknown>, ColumnNames, NamingOptions {
  model?: string | undefined;
  data?: string | undefined;
  valid?: string | undefined;
  test?: string | undefined;
  recipe?: string | undefined;
  preset?: string | undefined;
  set: string[];
  backend: string;
  threads?: string | undefined;
}

/**
 * Opens and prepares what a command trains with, and starts the backend. Findings in the data go to standard error.
 * Throws a Problem for options, files and rows that cannot be used.
 *
 * @param before what computed the run until now, where it goes on
 */
export async function fitInput(values: FitValues, before?: RunMachine) {
  const unfilled = await recipeOf(values);
  const opened = await openModelFolder(required(values.model, "--model"));
  const { validationShare: share, testShare, seed, task: ofRecipe } = unfilled;
  const task = values.task ?? (ofRecipe === "auto" ? undefined : ofRecipe);
  const changes = { steps: cleaningSteps(unfilled), augmentation: augmentationSteps(unfilled) };
  const split = { share, testShare, seed, ...changes };
  const { table, validationTable, choice, data } = await trainingData({ ...values, task }, split);
  const tokenizer = createTokenizer(opened.tokenizer);
  const trained = trainedTaskNamed(data.summary.task);
  for (const finding of fitToCheckpoint(data.train.texts, opened, tokenizer, unfilled).findings) {
    console.error(findingLine(finding));
  }
  const trainRows = withCopies(data.train, withMasks(data.copies, unfilled, opened));
  const encoded = (limit: TextLimit) => ({
    train: encodeLabelled(trainRows, limitOf(trained, limit), tokenizer),
    validation: encodeLabelled(data.validation, limitOf(trained, limit), tokenizer),
  });
  // One token more than the longest automatic length tells which rows are longer.
  const isAutomatic = unfilled.automatic.includes("maxLength");
  const whole = encoded(isAutomatic ? cutAt(longestAutomatic(opened.config) + 1) : unfilled);
  const lengths = histogramOfLengths(joined(rowLengths(whole.train), rowLengths(whole.validation)), "tokens");
  const rows = data.summary.trainRows + data.summary.validationRows;
  const model = automaticFactsOf(opened.config);
  const trainCounts = hasClasses(trainRows) ? countLabels(trainRows.labels, data.summary.labelNames.length) : [];
  const facts = {
    model,
    data: { ...data.summary, trainCounts, hasPairs: data.train.pairs !== null },
    lengths: { longerThan: lengths.longerThan, rows },
  };
  const { recipe, lines, automatic } = filledIn(unfilled, facts);
  const ofStart = startLines(opened, trained, data.summary.labelNames, withTask(recipe, trained.name));
  for (const line of [...linesWithoutEffect(values, recipe, trained), ...lines, ...ofStart]) console.error(line);
  const isCut = isAutomatic && (lengths.longerThan[recipe.maxLength] ?? 0) > 0;
  const { train, validation } = isCut ? encoded(recipe) : whole;
  const store = fileTuningStore(tuningPath());
  const threads = values.threads === undefined ? "fastest" : threadsOption(values.threads);
  const info = await startTestedBackend(backendOption(values.backend), store, threads);
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
  if (info.backend === "webgpu") {
    const onProgress = (done: number, total: number) => {
      console.error(`measuring how this GPU multiplies best: ${done} of ${total}`);
    };
    const kept = before?.adapter === info.adapter ? before.tiles : undefined;
    await tuneTiles(store, { engine: nodeEngine(), precision: recipe.precision, kept, onProgress });
    const fault = await faultOfForms(store, recipe.precision, (work) => onWasm(nodeBackendOptions(), work));
    if (fault !== null) console.error(plainReason(info.adapter, fault));
  }
  const { labelNames } = data.summary;
  const { heldOutBy, augmented } = data.summary;
  const copies = augmented?.copies ?? 0;
  const test = data.test && encodeLabelled(data.test, limitOf(trained, recipe), tokenizer);
  const input = {
    task: trained,
    opened,
    recipe,
    labelNames,
    train,
    validation,
    test,
    heldOutBy,
    copies,
    copyOf: data.copies?.of,
  };
  const sliced = { rows: data.validation, table: validationTable ?? table, used: usedColumns(table, choice) };
  const { backend, adapter } = info;
  const machine = { backend, adapter, tiles: backend === "webgpu" ? [...runningGpu().tileSpeeds] : [] };
  return { input, data, name: table.name, sliced, table, tokenizer, automatic, machine };
}

/** Copies whose masked words are the checkpoint's mask token. Throws a Problem where it is needed and missing. */
function withMasks(copies: Copies | null, { augmentMask }: Recipe, { tokenizer }: OpenedModel): Copies | null {
  return augmentMask > 0 ? withMaskTokens(copies, maskToken(tokenizer)) : copies;
}

/** Changed copies of all rows, for folds: none is equal to a row of another fold. */
export function copiesOfAll({ all, test }: PreparedData, recipe: Recipe, opened: OpenedModel): Copies | null {
  const held = test ? [all, test] : [all];
  return withMasks(augmentedCopies(all, augmentationSteps(recipe), { seed: recipe.seed, held }), recipe, opened);
}

/** The rows that a command trains with, and the tables and columns that they come from. */
interface TrainingData {
  table: Table;
  validationTable: Table | null;
  choice: ColumnChoice;
  data: PreparedData;
}

/**
 * Opens `--data` and `--valid` and prepares their rows. Format, columns, classes and findings go to standard error.
 * Throws a Problem for files, columns and rows that cannot be trained on.
 */
async function trainingData(
  values: OptionValues & ColumnNames & Pick<FitValues, "data" | "valid" | "test">,
  split: { share: number; testShare: number; seed: number; steps: CleaningSteps; augmentation: AugmentationSteps },
): Promise<TrainingData> {
  const table = await openTableOf(required(values.data, "--data"), values);
  const validationTable = await openIfGiven(values.valid, values, "valid-");
  const testTable = await openIfGiven(values.test, values, "test-");
  const choice = chooseColumns(table, values);
  const data = prepareData(table, choice, {
    ...split,
    readerOf,
    findsLeaks: true,
    validationTable,
    testTable,
    cleaning: cleaningOf(values),
  });
  const { findings, task } = data.summary;
  const { describe } = targetsOf({ name: readerOf(task) ? task : defaultTask.name });
  showTable(table, choice, describe(validationTable ? [data.train] : [data.train, data.validation]));
  if (validationTable) {
    const { text } = describe([data.validation]);
    console.error(`${validationTable.name}: ${data.validation.texts.length} rows to validate on: ${text}`);
  }
  if (data.test) {
    const from = testTable ? `${testTable.name}: ` : "";
    const count = counted(data.test.texts.length, "row");
    console.error(`${from}${count} set apart to test on, scored at the end: ${describe([data.test]).text}`);
    const near = testTable ? withLines(leaksIntoTest(data, data.test).findings, testTable.lines) : [];
    for (const finding of near) console.error(findingLine(finding));
  }
  const blocking = findings.find(({ severity }) => severity === "blocking");
  for (const finding of findings) if (finding !== blocking) console.error(findingLine(finding));
  if (blocking) {
    const { text, remedy, id } = blocking;
    throw new Problem({
      found: text,
      expected: expectedOf(id, task),
      remedy: id === "other-task" ? `${remedy} Name it with --label COL, or pass --task ${defaultTask.name}.` : remedy,
    });
  }
  return { table, validationTable, choice, data };
}

/** What was expected of rows where a finding stands in the way of training. */
function expectedOf(id: Finding["id"], task: string): string {
  if (id === "other-task") return "One class for each text was expected.";
  if (id === "several-columns") return "One column for each role of the task was expected.";
  return readerOf(task)?.expected ?? "Rows with a text and labels were expected.";
}

/** Notes on where the weights of the start come from, one line each. */
function startLines(
  { summary }: OpenedModel,
  task: TrainedTask,
  labelNames: readonly string[],
  recipe: Recipe,
): string[] {
  // The baseline alone starts nothing.
  if (recipe.effort === "quick") return [];
  const lines = [`note: The ${task.head} ${headStart(summary, task, labelNames, recipe)}.`];
  const isPooled = isRelevant("pooling", recipe, false);
  if (isPooled && summary.sentencePooling !== null && summary.sentencePooling !== recipe.pooling) {
    lines.push(
      `note: The checkpoint was trained as a sentence encoder with another pooling. To use it: --set pooling=${summary.sentencePooling}.`,
    );
  }
  const random = stayingRandom(recipe, summary);
  if (random !== null) {
    lines.push(
      `warning: The checkpoint has no ${random}, and LoRA does not train the random one in its place. Pool by the mean instead (--set pooling=mean).`,
    );
  }
  return lines;
}

/** Where the head of a run starts, as the end of a sentence. */
function headStart(
  { head, pooling }: OpenedModel["summary"],
  task: TrainedTask,
  labelNames: readonly string[],
  recipe: Recipe,
): string {
  const own = head.classes ?? [];
  const names = `${own.slice(0, 5).join(", ")}${own.length > 5 ? ` and ${own.length - 5} more` : ""}`;
  const source =
    headSource(recipe, task) === "probe" ? "a linear model fitted to the frozen encoder" : "random weights";
  const isNew = (reason: string) => `is new (${source}, trained in this run): ${reason}`;
  switch (newHeadReason({ head, pooling }, { task, labelNames, recipe })) {
    case null:
      return `of the checkpoint is kept: ${names}`;
    case "missing":
      return isNew(`the checkpoint has none for the task ${task.name}`);
    case "reinitialized":
      return isNew("the recipe re-initializes it");
    case "pooling":
      return isNew(`the checkpoint's own reads rows pooled by “${pooling}”`);
    case "labels":
      return isNew(`the checkpoint's own is for ${names}${spellingNote(task, head, labelNames)}`);
  }
}

/** Number of tokens of each encoded row. */
const rowLengths = (rows: EncodedRows) => Int32Array.from({ length: rowCount(rows) }, (_, row) => lengthOf(rows, row));

/** The token ids of labelled texts, with their labels. */
export function encodeLabelled(rows: LabelledRows, limit: TextLimit | number, tokenizer: Tokenizer): EncodedDataset {
  return labelled(encodeRows(rows.texts, rows.pairs, limit, tokenizer), rows);
}
