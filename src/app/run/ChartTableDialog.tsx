import { useMemo } from "react";
import { Modal, Text } from "@mantine/core";
import { columnText } from "../column-text.ts";
import { chartTable } from "./chart-table.ts";
import { figureText, scoreText } from "./figures.ts";
import type { Series } from "./series.ts";
import { VirtualTable } from "./VirtualTable.tsx";

interface ChartTableDialogProps {
  title: string;
  trend: string;
  /** All points, not only the drawn ones; taken when the dialog opens. */
  series: Series[];
  onClose: () => void;
}

/** The numbers behind a chart, and its trend in words. */
export function ChartTableDialog({ title, trend, series, onClose }: ChartTableDialogProps) {
  const { header, rows } = useMemo(() => chartTable(series), [series]);
  const texts = useMemo(
    () =>
      header.map((_, column) =>
        cellTexts(
          rows.map((row) => row[column] ?? NaN),
          column,
        ),
      ),
    [header, rows],
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
        columns={`64px 90px 90px repeat(${header.length - 3}, minmax(110px, 1fr))`}
        height={420}
      />
    </Modal>
  );
}

/** Steps whole, seconds and values with the digits that tell them apart; what a moment has no value of is empty. */
function cellTexts(values: readonly number[], column: number): (value: number) => string {
  const write = column === 0 ? String : columnText(values, column < 3 ? scoreText : figureText, column < 3 ? 1 : 3);
  return (value) => (Number.isNaN(value) ? "" : write(value));
}
