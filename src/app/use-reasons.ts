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
    useShallow((app) => {
      const { earlier, model, textFile, recipe, drafts, folds, trainsElsewhere } = app;
      const { noise, curve, rateSearch, estimate, machine } = app;
      const opened = { earlier, model, textFile, recipe, drafts, folds };
      return { ...opened, noise, curve, rateSearch, estimate, machine, trainsElsewhere };
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
