import { useCallback } from "react";
import { Problem, reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { refusedByRun } from "../actions/refuse-files.ts";
import type { Actions, AppStore } from "../store.ts";
import { useAppStore } from "../use-app.ts";
import { groupTables } from "./group-tables.ts";
import { isPatch, isRecipe, sortDropped, holdsCheckpoint } from "./sort-dropped.ts";

type Take = (files: File[], actions: Actions) => Promise<void>;

/** Opens any files where they belong: tables as data, a checkpoint as the model, a recipe as the recipe. */
export const useTakeFiles = () => useTake(takeFiles);

/** Opens files that are tables, whatever their names: one, a second one for validation, or parallel files. */
export const useTakeTables = () => useTake(takeTables);

/** Opens a table of validation rows, which may be parallel files. */
export const useTakeValidation = () => useTake(takeValidation);

/** The same of test rows. */
export const useTakeTest = () => useTake(takeTest);

/** Opens the files of one checkpoint. */
export const useTakeModel = () => useTake(takeModel);

/** Opens a single file: of an earlier task, of plain texts, or a recipe. */
export function useTakeOne(which: "openEarlier" | "openTextFile" | "loadRecipe"): (files: File[]) => void {
  const take = useCallback<Take>(
    async ([file, ...more], actions) => {
      refuseRest(namesOf(more), actions);
      if (file) await actions[which](file);
    },
    [which],
  );
  return useTake(take);
}

function useTake(take: Take): (files: File[]) => void {
  const store = useAppStore();
  return useCallback((files) => void takeOrRefuse(files, take, store), [take, store]);
}

/** Opens the files of a choice or drop, or reports why they cannot be opened. */
async function takeOrRefuse(files: File[], take: Take, { setState, getState }: AppStore): Promise<void> {
  const { actions } = getState();
  actions.clearFileProblems();
  if (refusedByRun(setState, getState, files)) return;
  try {
    await take(files, actions);
  } catch (error) {
    actions.refuseFiles(reportProblem(error));
  }
}

async function takeFiles(files: File[], actions: Actions): Promise<void> {
  if (files.length === 0) actions.refuseFiles(nothingDropped());
  const { tables, checkpoint, zips, recipes, json, unknown } = sortDropped(files);
  for (const file of json) {
    (isRecipe(await beginningOf(file)) ? recipes : tables).push(file);
  }
  for (const zip of zips) ((await holdsCheckpoint(zip)) ? checkpoint : tables).push(zip);
  const [recipe, ...moreRecipes] = recipes;
  refuseRest([...unknown, ...namesOf(moreRecipes)], actions);
  await Promise.all([
    checkpoint.length > 0 && takeModel(checkpoint, actions),
    recipe && actions.loadRecipe(recipe),
    tables.length > 0 && takeTables(tables, actions),
  ]);
}

/** The beginning of a file's text; "" of one that cannot be read, which is taken as a table that reports it when it is opened. */
async function beginningOf(file: File): Promise<string> {
  return file
    .slice(0, 4096)
    .text()
    .catch(() => "");
}

async function takeModel(files: File[], { openModel }: Actions): Promise<void> {
  await openModel(files);
}

async function takeTables(files: File[], actions: Actions): Promise<void> {
  const patches = await patchesAmong(files);
  const tables = files.filter((file) => !patches.includes(file));
  if (tables.length > 0) await openTables(tables, actions);
  // A patch that is dropped with its table finds it open.
  for (const patch of patches) await actions.openPatch(patch);
}

async function patchesAmong(files: readonly File[]): Promise<File[]> {
  const found: File[] = [];
  for (const file of files) {
    if (!/[.](jsonl|ndjson|json)$/i.test(file.name)) continue;
    if (isPatch(await beginningOf(file))) found.push(file);
  }
  return found;
}

async function openTables(files: File[], actions: Actions): Promise<void> {
  const [train, validation, ...more] = await groupTables(files);
  refuseRest(namesOf(more.flatMap(({ file, beside }) => [file, ...beside])), actions);
  if (train) await actions.openTable(train.file, train.file.name, train.beside, validation);
}

const takeValidation: Take = (files, actions) => takeOther(files, actions, actions.openValidation);
const takeTest: Take = (files, actions) => takeOther(files, actions, actions.openTest);

async function takeOther(files: File[], actions: Actions, open: Actions["openTest"]): Promise<void> {
  const [table, ...more] = await groupTables(files);
  refuseRest(namesOf(more.flatMap(({ file, beside }) => [file, ...beside])), actions);
  if (table) await open(table.file, table.beside);
}

const namesOf = (files: readonly File[]) => files.map(({ name }) => name);

function refuseRest(names: readonly string[], { refuseFiles }: Actions): void {
  if (names.length === 0) return;
  const others = names.length > 5 ? " and others" : "";
  refuseFiles(unusable(`Nothing was done with ${names.slice(0, 5).join(", ")}${others}.`));
}

/** The message for a drop without a file, e.g. an empty folder. */
export function nothingDropped(): ProblemReport {
  return unusable("There was no file in what was dropped.");
}

function unusable(found: string): ProblemReport {
  return reportProblem(
    new Problem({
      found,
      expected:
        "One table for training and one for validation (CSV, TSV, JSON, Parquet or XLSX), a checkpoint (folder, zip, or its files), or a recipe (JSON) were expected.",
      remedy: "Save spreadsheets of other kinds as CSV first; drop at most two tables together.",
    }),
  );
}
