import { useEffect, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Results } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import type { Selection } from "../state.ts";
import type { Selectable } from "../tasks/panels.ts";
import { useActions, useApp } from "../use-app.ts";
import { askSelected } from "./ended-results.ts";

/** The selected rows of some results. */
export interface SelectedRows {
  selection: Selection;
  /** Results of these rows alone; null until they are computed. */
  results: Results | null;
  problem: ProblemReport | null;
}

interface Selecting {
  /** Null where no rows are selected. */
  selected: SelectedRows | null;
  /** What a panel shows, and how rows are selected in it. */
  selectable: (source: Selection["source"]) => Selectable;
}

/**
 * The one selection that all panels show. The panel in which rows were selected goes on showing those among which they
 * were, with what is pressed; all others show the selected rows.
 */
export function useSelection(session: Session, all: Results): Selecting {
  const selection = useApp((app) => app.selection);
  const { selectRows, clearSelection } = useActions();
  const own = useSelectedResults(session, all, selection);
  const around = useSelectedResults(session, all, selection?.within ?? null);
  const selectable = (source: Selection["source"]): Selectable => {
    const isOwn = selection?.source === source;
    const base = isOwn ? selection.within : (selection ?? undefined);
    const results = (base && (isOwn ? around : own).results) ?? all;
    const pressed = isOwn ? (selection.key ?? null) : null;
    const clear = () => {
      if (!isOwn) return;
      if (base) selectRows(base);
      else clearSelection();
    };
    return {
      results,
      isPart: results !== all,
      pressed,
      clear,
      select(key, name, rows) {
        if (key === pressed) return clear();
        selectRows({
          name: base ? `${base.name} · ${name}` : name,
          rows: Int32Array.from(rows, (row) => results.places?.[row] ?? row),
          source,
          key,
          ...(base && { within: base }),
        });
      },
    };
  };
  return { selected: selection && { selection, ...own }, selectable };
}

interface Answer extends Omit<SelectedRows, "selection"> {
  /** What they are of. */
  of: { selection: Selection; all: Results };
}

const waiting: Omit<SelectedRows, "selection"> = { results: null, problem: null };

/** Results of some rows alone; those of the rows before stay until others are there. */
function useSelectedResults(session: Session, all: Results, selection: Selection | null) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (!selection) return undefined;
    let wanted = true;
    const take = (change: Partial<SelectedRows>) => {
      if (wanted) setAnswer({ ...waiting, ...change, of: { selection, all } });
    };
    askSelected(session, selection, all).then(
      (results) => take({ results }),
      (error: unknown) => take({ problem: reportProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, selection, all]);
  const isOwn = answer !== null && answer.of.selection === selection && answer.of.all === all;
  return isOwn ? answer : waiting;
}
