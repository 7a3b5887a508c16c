import { csvText } from "../../io/csv-cells.ts";
import type { Moment } from "./moment.ts";
import type { Series } from "./series.ts";

/** A chart's numbers as rows: one a moment, one column a line. */
export interface ChartTable {
  header: string[];
  rows: number[][];
}

/** All points of the lines, joined by moment: step, both times in seconds, then each line's value (NaN: none). */
export function chartTable(series: readonly Series[]): ChartTable {
  const rows = new Map<string, { at: Moment; values: number[] }>();
  series.forEach((line, column) => {
    for (const { at, y } of line.points) {
      const key = `${at.step} ${at.wallMs}`;
      const row = rows.get(key) ?? { at, values: new Array<number>(series.length).fill(NaN) };
      row.values[column] = y;
      rows.set(key, row);
    }
  });
  const ordered = [...rows.values()].sort((a, b) => a.at.step - b.at.step || a.at.wallMs - b.at.wallMs);
  return {
    header: ["step", "run time (s)", "training time (s)", ...series.map((line) => line.name)],
    rows: ordered.map(({ at, values }) => [at.step, at.wallMs / 1000, at.trainingMs / 1000, ...values]),
  };
}

/** The chart's numbers as a CSV file, each in full precision. */
export function chartCsv(series: readonly Series[]): string {
  const { header, rows } = chartTable(series);
  // Lines may be called by a class; numbers are never changed.
  return csvText(header, rows, { neutralize: true });
}
