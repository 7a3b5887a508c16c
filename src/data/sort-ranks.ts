import { numberOf } from "./cell-number.ts";
import { emptiness } from "./empty-cells.ts";

/** Characters that cells are compared by. */
const COMPARED = 200;

/**
 * The rank of each cell of a column [rows], equal for equal cells: by value where all filled cells are numbers, else by
 * lower-case letters in the order of their code units; −1 for empty cells.
 */
export function sortRanks(cells: Iterable<string>): Int32Array {
  const isEmpty = emptiness({ mergeLabels: false, missingWords: false });
  const keys = Array.from(cells, (cell) => (isEmpty(cell) ? "" : cell.trim().slice(0, COMPARED).toLowerCase()));
  const distinct = [...new Set(keys)].filter((key) => key !== "");
  const numbers = new Map<string, number>();
  for (const key of distinct) {
    const number = numberOf(key);
    if (number === null) break;
    numbers.set(key, number);
  }
  if (numbers.size === distinct.length) distinct.sort((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0));
  else distinct.sort();
  const ranks = new Map(distinct.map((key, rank) => [key, rank]));
  return Int32Array.from(keys, (key) => ranks.get(key) ?? -1);
}
