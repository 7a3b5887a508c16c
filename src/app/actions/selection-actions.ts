import type { SliceQuery } from "../../insight/slices.ts";
import type { NamedSlice, Selection } from "../state.ts";
import type { Get, Set } from "./change.ts";

export interface SelectionActions {
  /** Selects validation rows of the last run, in place of those that were selected. */
  selectRows: (selection: Selection) => void;
  clearSelection: () => void;
  /** Clears rows that were selected by what a model said of them, which other weights say differently. */
  clearSelectionByModel: () => void;
  /** Makes all results of the run new, after thresholds were set. */
  renewResults: () => void;
  /** Keeps a slice; one of the same condition gets the new name. */
  keepSlice: (slice: NamedSlice) => void;
  /** Drops the kept slice of a condition. */
  dropSlice: (query: SliceQuery) => void;
}

/** What tells conditions apart. */
export const sliceKey = (query: SliceQuery) => JSON.stringify(query);

export function selectionActions(set: Set, get: Get): SelectionActions {
  const isByModel = ({ source, within }: Selection): boolean =>
    source === "matrix" || source === "calibration" || (within !== undefined && isByModel(within));
  const clearSelectionByModel = () => {
    const { selection } = get();
    if (selection && isByModel(selection)) set({ selection: null });
  };
  return {
    selectRows: (selection) => set({ selection }),
    clearSelection: () => set({ selection: null }),
    clearSelectionByModel,
    renewResults() {
      clearSelectionByModel();
      // Results of selected rows are kept by their array.
      set(({ run, selection }) => ({
        run: { ...run, decided: {} },
        selection: selection && { ...selection, rows: selection.rows.slice() },
      }));
    },
    keepSlice: (slice) => set(({ slices }) => ({ slices: [...without(slices, slice.query), slice] })),
    dropSlice: (query) => set(({ slices }) => ({ slices: without(slices, query) })),
  };
}

function without(slices: readonly NamedSlice[], query: SliceQuery): NamedSlice[] {
  return slices.filter((slice) => sliceKey(slice.query) !== sliceKey(query));
}
