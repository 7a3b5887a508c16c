import { Modal, Text } from "@mantine/core";
import { useMemo } from "react";
import { csvText } from "../../io/csv-cells.ts";
import { columnText, figureText, scoreText } from "../figures.ts";
import { xOf, type Moment, type XKind } from "./moment.ts";
import type { Series } from "./series.ts";
import { VirtualTable } from "./VirtualTable.tsx";

interface ChartTableDialogProps {
  title: string;
  trend: string;
  /** All points, not only the drawn ones, as they were when the dialog opened. */
  series: Series[];
  /** Steps and times are no part of lines over epochs, which are of several models. */
  kind?: XKind;
  onClose: () => void;
}

/** The numbers behind a chart, and its trend in words. */
export function ChartTableDialog({ title, trend, series, kind = "step", onClose }: ChartTableDialogProps) {
  const { header, rows } = useMemo(() => chartTable(series, kind), [series, kind]);
  const places = kind === "epoch" ? 1 : 3;
  const texts = useMemo(
    () =>
      header.map((_, column) =>
        cellTexts(
          rows.map((row) => row[column] ?? NaN),
          column,
          places,
        ),
      ),
    [header, rows, places],
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${title}: the numbers`}
      size="xl"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Text size="sm" mb="sm">
        {trend}
      </Text>
      <VirtualTable
        label={`${title}: the numbers`}
        header={header}
        rowCount={rows.length}
        cellsOf={(row) => (rows[row] ?? []).map((value, column) => texts[column]?.(value) ?? "")}
        columns={`64px ${"90px ".repeat(places - 1)}repeat(${header.length - places}, minmax(110px, 1fr))`}
        height={420}
      />
    </Modal>
  );
}

/**
 * Writes whole steps, and seconds and values with the digits that tell them apart; a missing value is an empty cell.
 */
function cellTexts(values: readonly number[], column: number, places: number): (value: number) => string {
  const isTime = column < places;
  const write =
    column === 0 && places > 1 ? String : columnText(values, isTime ? scoreText : figureText, isTime ? 1 : 3);
  return (value) => (Number.isNaN(value) ? "" : write(value));
}

/** A chart's numbers: one row per moment, one column per line of the chart. */
interface ChartTable {
  header: string[];
  rows: number[][];
}

/** All points of the lines, joined by moment: step, both times in seconds, then each line's value (NaN: none). */
export function chartTable(series: readonly Series[], kind: XKind = "step"): ChartTable {
  if (kind === "epoch") return epochTable(series);
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

function epochTable(series: readonly Series[]): ChartTable {
  const rows = new Map<number, number[]>();
  series.forEach((line, column) => {
    for (const { at, y } of line.points) {
      // Folds of different sizes have their epochs at steps of their own.
      const epoch = Number(xOf(at, "epoch").toFixed(3));
      const row = rows.get(epoch) ?? new Array<number>(series.length).fill(NaN);
      row[column] = y;
      rows.set(epoch, row);
    }
  });
  const ordered = [...rows].sort(([a], [b]) => a - b);
  return { header: ["epoch", ...series.map(({ name }) => name)], rows: ordered.map(([epoch, row]) => [epoch, ...row]) };
}

/** The chart's numbers as a CSV file, each in full precision. */
export function chartCsv(series: readonly Series[], kind?: XKind): string {
  const { header, rows } = chartTable(series, kind);
  // A line may be named after a class, whose name may look like a formula; numbers are never changed.
  return csvText(header, rows, { neutralize: true });
}
