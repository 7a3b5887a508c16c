import { useCallback } from "react";
import { Problem, reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { useActions } from "../use-app.ts";
import { sortDropped, trainFirst } from "./sort-dropped.ts";

/** Takes any files to where they belong: tables to the data, the rest to the model, a recipe to the recipe. */
export function useTakeFiles(onProblem: (problem: ProblemReport | null) => void): (files: File[]) => void {
  const { openTable, openValidation, openModel, loadRecipe } = useActions();
  return useCallback(
    (files) => {
      const { tables, checkpoint, recipe, unknown } = sortDropped(files);
      const [train, validation, ...more] = trainFirst(tables);
      onProblem(unusable(unknown, more, files.length));
      if (checkpoint.length > 0) void openModel(checkpoint);
      if (train)
        void openTable(train).then((isOpen) => (isOpen && validation ? openValidation(validation) : undefined));
      if (recipe) void loadRecipe(recipe);
    },
    [openTable, openValidation, openModel, loadRecipe, onProblem],
  );
}

function unusable(unknown: string[], more: File[], dropped: number): ProblemReport | null {
  const names = [...unknown, ...more.map((file) => file.name)].slice(0, 5).join(", ");
  if (names === "" && dropped > 0) return null;
  return reportProblem(
    new Problem({
      found: names === "" ? "There was no file in what was dropped." : `Nothing was done with ${names}.`,
      expected:
        "One CSV or TSV file for training and one for validation, a checkpoint (folder, zip, or its files), or a recipe (JSON) were expected.",
      remedy: "Save spreadsheets as CSV first; drop at most two tables at once.",
    }),
  );
}
