import { createContext, useContext, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { blockers, warnings, type Blocker } from "./blockers.ts";
import { useApp, useSettledData } from "./use-app.ts";

/** What keeps a run from starting, and what would most likely spoil it. */
interface Reasons {
  blockers: Blocker[];
  warnings: Blocker[];
}

/** The present reasons; recomputed only when a part of the state that decides them changes. */
export function useReasons(): Reasons {
  const data = useSettledData();
  const others = useApp(
    useShallow(({ earlier, model, textFile, recipe, drafts, folds, noise, curve, rateSearch, estimate, machine }) => {
      return { earlier, model, textFile, recipe, drafts, folds, noise, curve, rateSearch, estimate, machine };
    }),
  );
  return useMemo(() => {
    const parts = { data, ...others };
    return { blockers: blockers(parts), warnings: warnings(parts) };
  }, [data, others]);
}

/** The reasons for the fields below; `SetupPanel` provides them. */
export const ReasonsContext = createContext<Reasons>({ blockers: [], warnings: [] });

/** Why a field's value keeps a run from starting, or would spoil it; "" where it does neither. */
export function useFieldReason(field: string): string {
  const { blockers, warnings } = useContext(ReasonsContext);
  return [...blockers, ...warnings].find((reason) => reason.field === field)?.text ?? "";
}
