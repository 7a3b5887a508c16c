import type { Edit } from "../../workers/protocol.ts";
import type { NoiseState } from "../state.ts";

/** What was decided of a row whose label is in doubt. */
export type Decision = "open" | "accepted" | "kept" | "dropped";

/** What edits leave of the cells of rows, by row (from 1) and column (from 0), and the dropped rows. */
interface Net {
  cells: Map<number, Map<number, string>>;
  dropped: Set<number>;
}

function netOf(edits: readonly Edit[]): Net {
  const net: Net = { cells: new Map(), dropped: new Set() };
  for (const edit of edits) {
    if ("dropped" in edit) {
      if (edit.dropped) net.dropped.add(edit.row);
      else net.dropped.delete(edit.row);
      continue;
    }
    const own = net.cells.get(edit.row) ?? new Map<number, string>();
    for (const { column, text } of edit.cells) own.set(column, text);
    net.cells.set(edit.row, own);
  }
  return net;
}

/**
 * What was decided of rows by their number in the table: an accepted suggestion counts as long as the edits hold it, so
 * that undo opens the row again; a label that was kept counts while it is the row's label.
 */
export function decisionsOf(
  decided: NoiseState["decided"],
  edits: readonly Edit[],
): (row: number, given: string) => Decision {
  const { cells, dropped } = netOf(edits);
  return (row, given) => {
    if (dropped.has(row)) return "dropped";
    const decision = decided.get(row);
    if (decision === undefined) return "open";
    if (typeof decision === "string") return decision === given ? "kept" : "open";
    const own = cells.get(row);
    return own && decision.every(({ column, text }) => own.get(column) === text) ? "accepted" : "open";
  };
}
