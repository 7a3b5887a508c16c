import { reportProblem } from "../../problem/problem.ts";
import { automaticFactsOf } from "../../plan/weights.ts";
import { freed, withAutomatic, withSet, type AutomaticReasons } from "../../recipe/automatic.ts";
import type { AutomaticField } from "../../recipe/automatic-fields.ts";
import type { AutomaticFacts } from "../../recipe/automatic-rules.ts";
import { sameAugmentation } from "../../recipe/augmentation-steps.ts";
import { sameCleaning } from "../../recipe/cleaning-steps.ts";
import { parseRecipe, recipeText } from "../../recipe/recipe-file.ts";
import { sameField, sameRecipe, untouchedRecipe, type Recipe } from "../../recipe/recipe.ts";
import { draftField } from "../drafts.ts";
import { isActive, type Place, type Snapshot, type AppState } from "../state.ts";
import { remember, snapshotOf, type Get, type Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";
import { queue } from "./in-turn.ts";
import { refusedByRun } from "./refuse-files.ts";
import { supportsOf } from "../tasks/setup-panels.ts";

export interface RecipeActions {
  /**
   * Sets some fields, to values that the recipe's schema allows. A field that is set is no longer automatic, even with the same value. Another share, seed or task splits the data again.
   */
  setRecipe: (patch: Partial<Recipe>) => Promise<void>;
  /** Applies a whole recipe as it is, e.g. of a preset or a file. */
  takeRecipe: (recipe: Recipe) => Promise<void>;
  /** Makes a field follow model and data again, or fixes it at its present value. */
  makeAutomatic: (field: AutomaticField, isFree: boolean) => Promise<void>;
  setShare: (share: number) => Promise<void>;
  resetRecipe: () => Promise<void>;
  undo: () => Promise<void>;
  redo: () => Promise<void>;
  /** Applies a recipe file; one that the schema does not allow changes nothing and is reported in `recipeProblem`. */
  loadRecipe: (file: File) => Promise<void>;
  /** Keeps text that was typed into a field and is no valid value; null forgets it. */
  setDraft: (key: string, text: string | null) => void;
  /** Opens the card of a place and moves the focus there. */
  goTo: (place: Place) => void;
  /** The recipe as a file to save. */
  saveRecipe: () => File;
  dismissRecipeProblem: () => void;
}

export function recipeActions(set: Set, get: Get, data: DataActions): RecipeActions {
  /** Forgets the drafts of fields that get a value in another way. */
  const forgetDrafts = (isOver: (field: string) => boolean) => {
    const { drafts } = get();
    const kept = [...drafts].filter(([key]) => !isOver(draftField(key)));
    if (kept.length < drafts.size) set({ drafts: new Map(kept) });
  };

  /** Number of changes that wait for their turn to split the data again. */
  let waiting = 0;
  /** Settles when the latest of them has had its turn. */
  let splitting: Promise<void> = Promise.resolve();

  const change = async (next: (now: Recipe) => Recipe) => {
    const before = snapshotOf(get());
    const recipe = next(before.recipe);
    const filled = filledRecipe({ ...get(), recipe });
    const same = sameRecipe(filled, before.recipe);
    if (isActive(get().run.status) || (same && waiting === 0)) return;
    forgetDrafts((field) => !sameField(filled, before.recipe, field));
    // This change waits too, or an earlier one that is still waiting would undo it.
    if ((before.train ?? before.earlier) && (waiting > 0 || !sameSplit(recipe, before.recipe))) {
      waiting++;
      splitting = data.splitBy(() => next(get().recipe)).finally(() => waiting--);
      return splitting;
    }
    set({ recipe });
    remember(set, before);
  };
  const setRecipe = (patch: Partial<Recipe>) => change((recipe) => withSet(recipe, patch));
  const inOrder = queue();

  const steps = queue();
  /**
   * Goes one step back or forward in the history, after the changes and steps before it, so that two quick presses go two
   * steps; the history moves only if the step succeeded.
   */
  const step = (targetOf: (now: AppState) => Snapshot | undefined, move: (now: Snapshot) => void) =>
    steps(async () => {
      await splitting.catch(() => undefined);
      await restore(targetOf(get()), move);
    });
  const restore = async (target: Snapshot | undefined, move: (now: Snapshot) => void) => {
    if (!target || isActive(get().run.status)) return;
    const now = snapshotOf(get());
    forgetDrafts(() => true);
    if (sameData(now, target)) {
      set({ recipe: target.recipe });
      // A trained model stays when rows are changed, and when that is undone.
      if (target.edits !== now.edits) data.takeEdits(target.edits);
    } else if (!(await data.restore(target))) return;
    move(now);
  };

  return {
    setRecipe,
    takeRecipe: (recipe) => change(() => recipe),
    makeAutomatic: (field, isFree) => change((recipe) => freed(recipe, field, isFree)),
    setShare: (validationShare) => setRecipe({ validationShare }),
    resetRecipe: () => {
      forgetDrafts(() => true);
      return change(() => untouchedRecipe);
    },
    undo: () =>
      step(
        ({ past }) => past.at(-1),
        (now) => set(({ past, future }) => ({ past: past.slice(0, -1), future: [...future, now] })),
      ),
    redo: () =>
      step(
        ({ future }) => future.at(-1),
        (now) => set(({ past, future }) => ({ past: [...past, now], future: future.slice(0, -1) })),
      ),
    loadRecipe: (file) =>
      inOrder(async () => {
        try {
          const recipe = parseRecipe(await file.text(), file.name);
          if (refusedByRun(set, get, [file])) return;
          set({ recipeProblem: null });
          forgetDrafts(() => true);
          await change(() => recipe);
        } catch (error) {
          const report = reportProblem(error);
          set({ recipeProblem: { ...report, found: `Nothing was loaded. ${report.found}` } });
        }
      }),
    setDraft(key, text) {
      const drafts = new Map(get().drafts);
      if (text === null) drafts.delete(key);
      else drafts.set(key, text);
      set({ drafts });
    },
    goTo: (place) => set({ goTo: { ...place } }),
    saveRecipe: () => new File([recipeText(get().recipe)], "recipe.json", { type: "application/json" }),
    dismissRecipeProblem: () => set({ recipeProblem: null }),
  };
}

function sameSplit(a: Recipe, b: Recipe): boolean {
  const same = (field: "validationShare" | "testShare" | "seed" | "task") => a[field] === b[field];
  const isSplitAlike = same("validationShare") && same("testShare") && same("seed") && same("task");
  return isSplitAlike && sameCleaning(a, b) && sameAugmentation(a, b);
}

function sameData(a: Snapshot, b: Snapshot): boolean {
  const same =
    a.train === b.train &&
    a.validation === b.validation &&
    a.test === b.test &&
    a.columns === b.columns &&
    a.cleaning === b.cleaning &&
    a.earlier === b.earlier;
  return same && ((a.train ?? a.earlier) === null || sameSplit(a.recipe, b.recipe));
}

type RecipeFacts = Pick<AppState, "recipe" | "data" | "model">;

/** The recipe with its automatic fields filled in, as far as model and data are known. */
function filledRecipe(now: RecipeFacts): Recipe {
  return withAutomatic(now.recipe, automaticFacts(now)).recipe;
}

/**
 * The change of the recipe when its automatic fields follow model and data; null where nothing changes. The store calls
 * it after each change, so that no action has to.
 */
export function automaticChange(now: RecipeFacts): Pick<AppState, "recipe"> | null {
  const recipe = filledRecipe(now);
  return recipe === now.recipe ? null : { recipe };
}

/** Why each automatic field has its value, where the facts are known. */
export function automaticReasons(now: RecipeFacts): AutomaticReasons {
  return withAutomatic(now.recipe, automaticFacts(now)).reasons;
}

function automaticFacts({
  data: { summary: data, columns, tokenLengths },
  model: { summary: model },
}: RecipeFacts): AutomaticFacts {
  const lengths = data && tokenLengths;
  return {
    model: model && automaticFactsOf(model),
    data: data && { ...data, trainCounts: supportsOf(data), hasPairs: (columns?.pair ?? null) !== null },
    lengths: lengths && { longerThan: lengths.longerThan, rows: data.trainRows + data.validationRows },
  };
}
