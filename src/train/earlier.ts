import type { Batch } from "../data/batches.ts";
import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Consolidation } from "./consolidation.ts";
import type { ConsolidationEvent, EarlierEvent } from "./events.ts";

/** An evaluation of the new task. */
export type EvaluationPlace = Pick<EarlierEvent, "scope" | "step" | "epoch">;

/** What a run can do with what its model learned before: measure forgetting, consolidate the weights, rehearse. */
export interface Earlier {
  /** The forgetting meter, on held-out rows of the earlier task. Null when the run is to end at once. */
  score(at: EvaluationPlace): Promise<EarlierEvent | null>;
  /** The micro-batches of the earlier task of a step (0 for the first), each of up to `mostTokens` tokens. */
  batchesOf(step: number, mostTokens: number): Batch[];
  /** Measures at the weights as they are which of them the earlier task needs; null when the recipe consolidates nothing. */
  consolidation(trains: (parameter: Parameter) => boolean): AsyncGenerator<ConsolidationEvent, Consolidation | null>;
}

/** Held-out rows that a forgetting meter scores, at most. */
export const METER_ROWS = 256;

/** Throws a Problem where a recipe wants more of an earlier task than is given, or would undo what it learned. */
export function checkEarlier(recipe: Recipe, given: "rows" | "corpus" | null): void {
  const wants = (["ewc", "rehearsal"] as const).filter((field) => recipe[field] > 0);
  if (given === null && wants.length > 0) {
    throw new Problem({
      found: `The recipe sets ${wants.join(" and ")}, and no rows of an earlier task are given.`,
      expected: "Both work on what the checkpoint was trained for before.",
      remedy: `Give them with --earlier (or, for ewc, texts with --earlier-corpus) on the command line, or set ${wants.join(" and ")} to 0.`,
    });
  }
  if (given === "corpus" && recipe.rehearsal > 0) {
    throw new Problem({
      found: "The recipe sets rehearsal, and the earlier task is a text file.",
      expected: "Rehearsal repeats labelled rows; of a text file forgetting is measured and weights are held (ewc).",
      remedy: "Set rehearsal to 0, or give labelled rows with --earlier.",
    });
  }
  if (given !== null && (recipe.start === "random" || recipe.reinitializeLayers > 0)) {
    throw new Problem({
      found: "The recipe starts layers anew, and an earlier task is given.",
      expected: "What the checkpoint has learned of the earlier task lies in these layers.",
      remedy: "Start from the checkpoint with reinitializeLayers 0, or leave the earlier task out.",
    });
  }
}
