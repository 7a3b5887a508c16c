import { useCallback } from "react";
import { Problem, reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Actions } from "../store.ts";
import { useActions } from "../use-app.ts";
import { groupTables } from "./group-tables.ts";
import { isRecipe, sortDropped } from "./sort-dropped.ts";
import { holdsCheckpoint } from "./zip-kind.ts";

type OnProblem = (problem: ProblemReport | null) => void;

/** Takes any files to where they belong: tables to the data, the rest to the model, a recipe to the recipe. */
export function useTakeFiles(onProblem: OnProblem): (files: File[]) => void {
  const actions = useActions();
  return useCallback((files) => void takeFiles(files, actions, onProblem), [actions, onProblem]);
}

/** Takes files that are tables, whatever their names: one, one for validation beside it, or parallel files. */
export function useTakeTables(onProblem: OnProblem): (files: File[]) => void {
  const actions = useActions();
  return useCallback(
    (files) => void takeTables(files, actions).then((more) => onProblem(unusable(more, files.length))),
    [actions, onProblem],
  );
}

async function takeFiles(files: File[], actions: Actions, onProblem: OnProblem): Promise<void> {
  const { openModel, loadRecipe } = actions;
  const { tables, checkpoint, zips, recipe, json, unknown } = sortDropped(files);
  const recipes = recipe ? [recipe] : [];
  for (const file of json) {
    // A file that cannot be read is a table: opening it says so.
    const beginning = await file
      .slice(0, 4096)
      .text()
      .catch(() => "");
    (isRecipe(beginning) ? recipes : tables).push(file);
  }
  for (const zip of zips) ((await holdsCheckpoint(zip)) ? checkpoint : tables).push(zip);
  if (checkpoint.length > 0) void openModel(checkpoint);
  if (recipes[0]) void loadRecipe(recipes[0]);
  const more = await takeTables(tables, actions);
  onProblem(unusable([...unknown, ...more], files.length));
}

/** Opens tables, and resolves to the names of those that are one too many. */
async function takeTables(files: readonly File[], { openTable, openValidation }: Actions): Promise<string[]> {
  const [train, validation, ...more] = await groupTables(files);
  if (train && (await openTable(train.file, train.file.name, train.beside)) && validation) {
    await openValidation(validation.file, validation.beside);
  }
  return more.flatMap(({ file, beside }) => [file, ...beside]).map(({ name }) => name);
}

function unusable(unread: readonly string[], dropped: number): ProblemReport | null {
  const names = unread.slice(0, 5).join(", ");
  if (names === "" && dropped > 0) return null;
  return reportProblem(
    new Problem({
      found: names === "" ? "There was no file in what was dropped." : `Nothing was done with ${names}.`,
      expected:
        "One table for training and one for validation (CSV, TSV, JSON, Parquet or XLSX), a checkpoint (folder, zip, or its files), or a recipe (JSON) were expected.",
      remedy: "Save spreadsheets of other kinds as CSV first; drop at most two tables at once.",
    }),
  );
}
