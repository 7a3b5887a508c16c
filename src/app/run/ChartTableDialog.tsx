import { Modal, Text } from "@mantine/core";
import { chartTable } from "./chart-table.ts";
import { figureText } from "./figures.ts";
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
  const { header, rows } = chartTable(series);
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
        cellsOf={(row) => (rows[row] ?? []).map(cellText)}
        columns={`64px 90px 90px repeat(${header.length - 3}, minmax(110px, 1fr))`}
        height={420}
      />
    </Modal>
  );
}

function cellText(value: number, column: number): string {
  if (column === 0) return String(value);
  if (column < 3) return value.toFixed(1);
  return Number.isNaN(value) ? "" : figureText(value);
}
