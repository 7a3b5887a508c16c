import { useCallback } from "react";
import { Problem, reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Actions } from "../store.ts";
import { useActions } from "../use-app.ts";
import { isRecipe, sortDropped, trainFirst } from "./sort-dropped.ts";

type OnProblem = (problem: ProblemReport | null) => void;

/** Takes any files to where they belong: tables to the data, the rest to the model, a recipe to the recipe. */
export function useTakeFiles(onProblem: OnProblem): (files: File[]) => void {
  const actions = useActions();
  return useCallback((files) => void takeFiles(files, actions, onProblem), [actions, onProblem]);
}

async function takeFiles(
  files: File[],
  { openTable, openValidation, openModel, loadRecipe }: Actions,
  onProblem: OnProblem,
): Promise<void> {
  const { tables, checkpoint, recipe, json, unknown } = sortDropped(files);
  const recipes = recipe ? [recipe] : [];
  for (const file of json) {
    // A file that cannot be read is a table: opening it says so.
    const beginning = await file
      .slice(0, 4096)
      .text()
      .catch(() => "");
    (isRecipe(beginning) ? recipes : tables).push(file);
  }
  const [train, validation, ...more] = trainFirst(tables);
  onProblem(unusable(unknown, more, files.length));
  if (checkpoint.length > 0) void openModel(checkpoint);
  if (recipes[0]) void loadRecipe(recipes[0]);
  if (train && (await openTable(train)) && validation) await openValidation(validation);
}

function unusable(unknown: string[], more: File[], dropped: number): ProblemReport | null {
  const names = [...unknown, ...more.map((file) => file.name)].slice(0, 5).join(", ");
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
