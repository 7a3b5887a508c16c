import { cellValue } from "../data/cell-value.ts";

/**
 * The plain values of a cell that is a list; of one that was cut off within it, those before the cut. Null where the cell
 * is no list of plain values.
 */
export function listEntries(cell: string): string[] | null {
  if (!/^\s*\[/.test(cell)) return null;
  const value = cellValue(cell) ?? cellValue(`${cell.slice(0, Math.max(0, cell.lastIndexOf(",")))}]`);
  if (!Array.isArray(value)) return null;
  const entries = value as unknown[];
  return entries.every((entry) => typeof entry === "string" || typeof entry === "number") ? entries.map(String) : null;
}
