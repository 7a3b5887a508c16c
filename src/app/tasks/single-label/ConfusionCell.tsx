import { CellButton } from "../../run/CellButton.tsx";
import { pairKey, type ClassPair } from "../classes/pair-key.ts";
import type { Selectable } from "../panels.ts";
import { cellName, selectCell } from "./confusion-cells.ts";

interface ConfusionCellProps {
  cell: ClassPair;
  /** Number of its rows; without any there is nothing to select. */
  rows: number;
  selectable: Selectable | undefined;
  children: string;
}

/** The number of a cell, which selects its rows where rows can be selected. */
export function ConfusionCell({ cell, rows, selectable, children }: ConfusionCellProps) {
  if (!selectable || rows === 0) return children;
  return (
    <CellButton
      label={cellName(cell, selectable.results.labelNames)}
      pressed={selectable.pressed === pairKey(cell)}
      onPress={() => selectCell(selectable, cell)}
    >
      {children}
    </CellButton>
  );
}
