import { Modal, Text } from "@mantine/core";
import type { ThresholdFigures } from "../../metrics/ranking/costs.ts";
import { figureText, scoreText, wholeText } from "../figures.ts";
import { VirtualTable } from "./VirtualTable.tsx";

interface CostTableDialogProps {
  title: string;
  says: string;
  curve: readonly ThresholdFigures[];
  onClose: () => void;
}

export const costHeader = ["threshold", "cost per row", "precision", "recall", "F1", "false alarms", "misses"];

/** The figures at each threshold, under `costHeader`. */
export function costLines(curve: readonly ThresholdFigures[]): number[][] {
  return curve.map(({ threshold, cost, precision, recall, f1, falseAlarms, misses }) => [
    threshold,
    cost,
    precision,
    recall,
    f1,
    falseAlarms,
    misses,
  ]);
}

const writers = [
  (value: number) => scoreText(value, 2),
  figureText,
  scoreText,
  scoreText,
  scoreText,
  wholeText,
  wholeText,
];

/** The numbers behind the curve of costs. */
export function CostTableDialog({ title, says, curve, onClose }: CostTableDialogProps) {
  const lines = costLines(curve);
  return (
    <Modal opened onClose={onClose} title={title} size="xl" closeButtonProps={{ "aria-label": "Close" }}>
      <Text size="sm" mb="sm">
        {says}
      </Text>
      <VirtualTable
        label={title}
        header={costHeader}
        rowCount={lines.length}
        cellsOf={(row) => (lines[row] ?? []).map((value, column) => writers[column]?.(value) ?? "")}
        columns="repeat(7, minmax(84px, 1fr))"
        height={420}
      />
    </Modal>
  );
}
