import type { RowLabels } from "../data/row-labels.ts";
import type { LabelledRows } from "../data/rows.ts";
import type { Table } from "../data/table.ts";
import { sliceReport, type SliceQuery, type SliceReport } from "../insight/slices.ts";
import { tableSlices } from "../insight/table-slices.ts";
import { Problem } from "../problem/problem.ts";
import type { AnyScores, TrainedTask } from "../tasks/task.ts";

/** The condition that an option `--slice` states. */
export function sliceOption(value: string): SliceQuery {
  const [, kind = "", rest = ""] = /^(contains|matches|label|length):(.+)$/s.exec(value) ?? [];
  if (kind === "contains") return { by: "contains", word: rest };
  if (kind === "label") return { by: "label", label: rest };
  if (kind === "matches") {
    try {
      new RegExp(rest, "iu");
      return { by: "matches", expression: rest };
    } catch (error) {
      throw new Problem({
        found: `--slice has the expression ${rest}: ${error instanceof Error ? error.message : String(error)}.`,
        expected: "A regular expression of JavaScript was expected.",
        remedy: "Correct it, or look for a word with contains:WORD.",
      });
    }
  }
  const [, from, to = ""] = /^(\d+)(?:-(\d*))?$/.exec(kind === "length" ? rest : "") ?? [];
  if (from !== undefined) {
    const end = value.includes("-") ? (to === "" ? Infinity : Number(to)) : Number(from);
    return { by: "length", from: Number(from), to: end };
  }
  const [, column, cell = ""] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
  if (column !== undefined) return { by: "column", column, value: cell };
  throw new Problem({
    found: `--slice is “${value}”.`,
    expected: "contains:WORD, matches:EXPRESSION, label:NAME, length:FROM-TO or COLUMN=VALUE was expected.",
    remedy: "Correct the option.",
  });
}

/** Where scored rows come from: the table, and the names of its columns of texts and labels. */
export interface SlicedTable {
  rows: LabelledRows;
  table: Table;
  used: readonly string[];
}

interface ScoredTable extends SlicedTable {
  truth: RowLabels;
  scores: AnyScores;
  /** Places of the scored rows among all; all of them where not given. */
  places?: Int32Array | undefined;
}

/**
 * Slices of rows of a table that were scored. Throws a Problem where the task says of no row how it came out, or an asked
 * slice names a column that the table lacks.
 */
export function slicesOf(
  task: TrainedTask,
  labelNames: readonly string[],
  { truth, scores, places, rows, table, used }: ScoredTable,
  asked: readonly SliceQuery[] = [],
): SliceReport | null {
  const found = task.rowOutcomes?.(truth, scores, labelNames);
  if (!found) return null;
  for (const query of asked) {
    if (query.by !== "column" || table.columns.includes(query.column)) continue;
    throw new Problem({
      found: `--slice names the column “${query.column}”.`,
      expected: `The columns of ${table.name} are ${table.columns.join(", ")}.`,
      remedy: "Name one of these columns.",
    });
  }
  return sliceReport(tableSlices(rows, table, used, found.labelsOf, places), found.outcomes, asked);
}
