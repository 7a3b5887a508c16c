import type { AppState, Snapshot } from "../state.ts";

export type Get = () => AppState;
export type Set = (change: Partial<AppState> | ((state: AppState) => Partial<AppState>)) => void;

const maxHistory = 100;

/** What undo would bring back if something changed now. */
export function snapshotOf({ recipe, automatic, data, earlier }: AppState): Snapshot {
  return {
    recipe,
    automatic,
    train: data.train,
    validation: data.validation,
    columns: data.columns,
    cleaning: data.cleaning,
    earlier: earlier.choice,
  };
}

/** Puts a state on the list of what can be undone; what had been undone is forgotten. */
export function remember(set: Set, before: Snapshot): void {
  set(({ past }) => ({ past: [...past, before].slice(-maxHistory), future: [] }));
}
