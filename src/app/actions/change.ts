import type { AppState, Snapshot } from "../state.ts";

export type Get = () => AppState;
export type Set = (change: Partial<AppState> | ((state: AppState) => Partial<AppState>)) => void;

const maxHistory = 100;

/** What undo would restore if something changed now. */
export function snapshotOf({ recipe, data, earlier }: AppState): Snapshot {
  return {
    recipe,
    train: data.train,
    validation: data.validation,
    test: data.test,
    columns: data.columns,
    cleaning: data.cleaning,
    edits: data.edits,
    earlier: earlier.choice,
  };
}

/** Adds a state to the history of what can be undone; what can be redone is forgotten. */
export function remember(set: Set, before: Snapshot): void {
  set(({ past }) => ({ past: [...past, before].slice(-maxHistory), future: [] }));
}
