import type { EncodedDataset } from "../data/rows.ts";
import { textCount } from "../data/windows.ts";
import { FEWEST_EPOCHS } from "../insight/data-map.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { RowDynamics } from "../train/row-dynamics.ts";

type Wanting = Pick<Recipe, "dataMap" | "effort" | "epochs">;

/** Whether a run has a data map: where it is wanted, something trains, and labels have probabilities. */
function isMapped({ dataMap, effort }: Wanting, { givenLabels }: Pick<TrainedTask, "givenLabels">): boolean {
  return dataMap && effort !== "quick" && givenLabels !== undefined;
}

/** Throws a Problem where a data map is wanted of too few epochs. A time budget ends where it ends. */
export function checkDataMap(recipe: Wanting, task: Pick<TrainedTask, "givenLabels">): void {
  if (!isMapped(recipe, task) || recipe.effort === "time" || recipe.epochs >= FEWEST_EPOCHS) return;
  throw new Problem({
    found: `A data map is wanted of a run of ${recipe.epochs} epochs.`,
    expected: `At least ${FEWEST_EPOCHS} epochs were expected: it shows how rows change from one to the next.`,
    remedy: `Set the epochs to ${FEWEST_EPOCHS} or more, or turn the data map off.`,
  });
}

interface MappedInput {
  recipe: Wanting;
  train: EncodedDataset;
  copies?: number | undefined;
}

/** Where a run keeps what its model says of the training rows without changed copies; null where no data map is wanted. */
export function dynamicsOf({ recipe, train, copies = 0 }: MappedInput, task: TrainedTask): RowDynamics | null {
  return isMapped(recipe, task) ? new RowDynamics(textCount(train) - copies) : null;
}
