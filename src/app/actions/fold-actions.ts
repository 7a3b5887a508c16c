import type { FoldChoice } from "../state.ts";
import type { Set } from "./change.ts";

export interface FoldActions {
  /** Chooses whether the next run is a cross-validation, and of how many folds. */
  setFolds: (change: Partial<FoldChoice>) => void;
}

export function foldActions(set: Set): FoldActions {
  return {
    setFolds: (change) => set(({ folds }) => ({ folds: { ...folds, ...change } })),
  };
}
