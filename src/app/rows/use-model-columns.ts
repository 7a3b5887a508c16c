import { useCallback, useEffect, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { hasModel, hasTrained, type Weights } from "../run-outcome.ts";
import { askOnce, endOf } from "../run/ended-results.ts";
import { isActive } from "../state.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import { useApp } from "../use-app.ts";

interface ModelColumnsState {
  /** Whether columns of the model are beside the rows. */
  isShown: boolean;
  /** Increases whenever what the model says is other than before. */
  version: number;
  problem: ProblemReport | null;
}

interface ModelColumns extends ModelColumnsState {
  /** Called when something else put columns of the model beside the rows. */
  renew: () => void;
}

/** Puts what the model of an ended run says of the validation rows beside them, in the worker that holds the table. */
export function useModelColumns(weights: Weights): ModelColumns {
  const session = useApp((app) => app.session);
  const run = useApp((app) => app.run);
  const end = hasModel(run) && !isActive(run.status) ? endOf(run) : null;
  const own = hasTrained(run) ? (weights === "baseline" ? "best" : weights) : "baseline";
  const [state, setState] = useState<ModelColumnsState>({ isShown: false, version: 0, problem: null });
  useEffect(() => {
    let wanted = true;
    const show = async () => {
      const results = end && (await askOnce(session, end, own));
      const outcomes = results && runPanelsOf({ name: results.task }).outcomes?.(results);
      const columns = outcomes ? { ...outcomes, places: results.places } : null;
      if (!wanted) return;
      await session.setModelColumns({ of: "validation", columns });
      if (wanted) setState(({ version }) => ({ isShown: columns !== null, version: version + 1, problem: null }));
    };
    void show().catch((error: unknown) => {
      if (wanted) setState((before) => ({ ...before, problem: reportProblem(error) }));
    });
    return () => {
      wanted = false;
    };
  }, [session, end, own]);
  const renew = useCallback(
    () => setState((before) => ({ ...before, isShown: true, version: before.version + 1 })),
    [],
  );
  return { ...state, renew };
}
