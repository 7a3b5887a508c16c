import { valueText } from "../../recipe/value-text.ts";
import { fields } from "../../recipe/fields.ts";
import { sameField, sameRecipe } from "../../recipe/recipe.ts";
import { blockers, warnings } from "../blockers.ts";
import { isActive } from "../state.ts";
import type { AppStore } from "../store.ts";
import type { KeptRun } from "./kept-run.ts";

/**
 * Puts a run's settings into the recipe, as one step of undo.
 *
 * @returns what a person should know, the first sentence about whether it was done
 */
export async function startFromSettings(
  run: Pick<KeptRun, "name" | "recipe" | "task" | "folds">,
  store: AppStore,
): Promise<string[]> {
  if (isActive(store.getState().run.status)) {
    return ["Nothing was changed: a run is going on. Press this again when it has ended."];
  }
  const isSame = sameRecipe(store.getState().recipe, run.recipe);
  await store.getState().actions.takeRecipe(run.recipe);
  const now = store.getState();
  const first = isSame
    ? `The recipe has the settings of “${run.name}” already.`
    : `The recipe now has the settings of “${run.name}”. Undo takes them back.`;
  const { summary } = now.data;
  const moved = now.recipe.automatic.filter((field) => !sameField(now.recipe, run.recipe, field));
  const follows = moved.map(
    (field) =>
      `${fields[field].label} is automatic: ${valueText(field, now.recipe)} for what is open now, ${valueText(field, run.recipe)} in that run.`,
  );
  const misfits = [...blockers(now), ...warnings(now)].filter(({ card }) => card === "recipe").map(({ text }) => text);
  return [
    first,
    ...(summary && summary.task !== run.task
      ? [`That run was of the task ${run.task}; the open rows are of ${summary.task}.`]
      : []),
    ...(run.folds && !now.folds.isOn
      ? [`That run was a cross-validation of ${run.folds.folds} folds, which is switched on in the Data card.`]
      : []),
    ...follows,
    ...misfits,
  ];
}
