import { reportProblem } from "../../problem/problem.ts";
import { parseRecipe, recipeText } from "../../recipe/recipe-file.ts";
import { defaultRecipe, type Recipe } from "../../recipe/recipe.ts";
import { isActive, type Snapshot } from "../state.ts";
import { remember, snapshotOf, type Get, type Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";

export interface RecipeActions {
  /** Changes some fields. Share and seed split the data again. Values must hold to the recipe's schema. */
  setRecipe: (patch: Partial<Recipe>) => Promise<void>;
  setShare: (share: number) => Promise<void>;
  resetRecipe: () => Promise<void>;
  undo: () => Promise<void>;
  redo: () => Promise<void>;
  /** Takes a recipe file; one that does not hold to the schema changes nothing and is told in `recipeProblem`. */
  loadRecipe: (file: File) => Promise<void>;
  /** The recipe as a file to save. */
  saveRecipe: () => File;
  dismissRecipeProblem: () => void;
}

export function recipeActions(set: Set, get: Get, data: DataActions): RecipeActions {
  const setRecipe = async (patch: Partial<Recipe>) => {
    const before = snapshotOf(get());
    const recipe = { ...before.recipe, ...patch };
    if (isActive(get().run.status) || sameRecipe(recipe, before.recipe)) return;
    if ((before.train ?? before.earlier) && !sameSplit(recipe, before.recipe)) return data.splitBy(recipe);
    set({ recipe });
    remember(set, before);
  };

  /** Goes one step back or forth; the history moves only when the step was made. */
  const step = async (target: Snapshot | undefined, move: (now: Snapshot) => void) => {
    if (!target || isActive(get().run.status)) return;
    const now = snapshotOf(get());
    if (sameData(now, target)) set({ recipe: target.recipe });
    else if (!(await data.restore(target))) return;
    move(now);
  };

  return {
    setRecipe,
    setShare: (validationShare) => setRecipe({ validationShare }),
    resetRecipe: () => setRecipe(defaultRecipe),
    undo: () =>
      step(get().past.at(-1), (now) =>
        set(({ past, future }) => ({ past: past.slice(0, -1), future: [...future, now] })),
      ),
    redo: () =>
      step(get().future.at(-1), (now) =>
        set(({ past, future }) => ({ past: [...past, now], future: future.slice(0, -1) })),
      ),
    async loadRecipe(file) {
      try {
        const recipe = parseRecipe(await file.text(), file.name);
        set({ recipeProblem: null });
        await setRecipe(recipe);
      } catch (error) {
        set({ recipeProblem: reportProblem(error) });
      }
    },
    saveRecipe: () => new File([recipeText(get().recipe)], "recipe.json", { type: "application/json" }),
    dismissRecipeProblem: () => set({ recipeProblem: null }),
  };
}

function sameRecipe(a: Recipe, b: Recipe): boolean {
  return recipeText(a) === recipeText(b);
}

function sameSplit(a: Recipe, b: Recipe): boolean {
  return a.validationShare === b.validationShare && a.seed === b.seed;
}

function sameData(a: Snapshot, b: Snapshot): boolean {
  const same =
    a.train === b.train && a.validation === b.validation && a.columns === b.columns && a.earlier === b.earlier;
  return same && ((a.train ?? a.earlier) === null || sameSplit(a.recipe, b.recipe));
}
