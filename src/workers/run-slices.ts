import type { PreparedData } from "../data/dataset.ts";
import type { LabelledRows } from "../data/rows.ts";
import type { Table } from "../data/table.ts";
import { rowsOfSlice, sliceCandidates, slicedColumns, worstSlices, type SlicedRows } from "../insight/slices.ts";
import { tableSlices, usedColumns } from "../insight/table-slices.ts";
import { Problem } from "../problem/problem.ts";
import type { ScoredOutcomes } from "../run/results.ts";
import type { DataCalls } from "./protocol.ts";

type Argument<K extends keyof DataCalls> = Parameters<DataCalls[K]>[0];
type Result<K extends keyof DataCalls> = Awaited<ReturnType<DataCalls[K]>>;

/** The validation rows of a run, and the table that they are of. */
interface RunRows {
  rows: LabelledRows;
  table: Table;
  used: string[];
}

/** Slices of the rows that a run validated on; other tables may be open since. */
export class RunSlices {
  private source: RunRows | null = null;

  /**
   * @param trained the table whose columns were chosen
   * @param table that of the validation rows, where they are of another one
   */
  take({ validation, choice }: Pick<PreparedData, "validation" | "choice">, trained: Table, table: Table | null): void {
    this.source = { rows: validation, table: table ?? trained, used: usedColumns(trained, choice) };
  }

  slices({ scored, asked }: Argument<"slices">): Result<"slices"> {
    const rows = this.sliced(scored);
    const list = worstSlices(rows, scored.outcomes, asked);
    return { ...list, columns: slicedColumns(rows), labelNames: [...scored.labelNames].sort() };
  }

  candidates({ scored }: Argument<"sliceCandidates">): Result<"sliceCandidates"> {
    return sliceCandidates(this.sliced(scored), scored.outcomes);
  }

  rowsOf({ scored, query }: Argument<"sliceRows">): Result<"sliceRows"> {
    return { rows: rowsOfSlice(query, this.sliced(scored)) };
  }

  private sliced({ labelNames, labels, starts, places }: ScoredOutcomes): SlicedRows {
    if (!this.source) {
      throw new Problem({
        found: "There are no validation rows yet.",
        expected: "The rows of a run were expected.",
        remedy: "Start a run first.",
      });
    }
    const { rows, table, used } = this.source;
    const labelsOf = (row: number) =>
      Array.from(labels.subarray(starts[row], starts[row + 1]), (place) => labelNames[place] ?? "");
    return tableSlices(rows, table, used, labelsOf, places);
  }
}
