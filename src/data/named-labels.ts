import { namesByNumber } from "../io/label-names.ts";
import { TextColumn, type Texts } from "../io/text-column.ts";
import { Problem } from "../problem/problem.ts";
import { quoted } from "../recipe/wording.ts";
import { cellValue } from "./cell-value.ts";
import type { Table } from "./table.ts";

/**
 * A table whose label column has names in place of numbers, or of numbers in lists, as data sets that keep the names
 * beside the rows have them (`"ner_tags": [0, 3, 4]`).
 *
 * @param lines of the file of names, one name a line, in the order of the numbers from 0 or 1, or each with its number
 * @throws {Problem} where a cell has something else, or a number without a name
 */
export function nameLabels(table: Table, column: number, lines: readonly string[], file: string): Table {
  const cells: Texts = table.cells[column] ?? [];
  // A changed row may have its name already.
  const known = new Set(lines.map((line) => line.trim()));
  const used = new Set<string>();
  for (const cell of cells) for (const number of numbersOf(cell)) if (!known.has(number)) used.add(number);
  const names = namesByNumber(lines, used);
  if (names === null) {
    const others = [...used].filter((value) => !/^\d+$/.test(value));
    const odd = others.length > 0 ? others : [...used].filter((number) => Number(number) >= lines.length);
    throw new Problem({
      found: `${file} has ${lines.length} names, and the column "${table.columns[column] ?? ""}" of ${table.name} has ${quoted(odd, 3)}.`,
      expected: "Names of numbered labels were expected, one for each number of that column, from 0 or from 1 on.",
      remedy:
        others.length > 0
          ? "Name the column of numbers with --label, or leave --label-names out."
          : "Add the missing names, or choose the file that belongs to this table.",
    });
  }
  const nameOf = (number: string) => names.get(number) ?? number;
  const named = TextColumn.of(
    Array.from(cells, (cell) => {
      const numbers = numbersOf(cell);
      if (numbers.length === 0) return cell;
      return isList(cell) ? JSON.stringify(numbers.map(nameOf)) : nameOf(numbers[0] ?? "");
    }),
  );
  return { ...table, cells: table.cells.map((one, place) => (place === column ? named : one)) };
}

const isList = (cell: string) => Array.isArray(cellValue(cell));

/** The values of a cell: one, or those of a list; 3.0 is 3, as pandas writes whole numbers beside empty cells. */
function numbersOf(cell: string): string[] {
  const value = cellValue(cell);
  const all = Array.isArray(value) ? (value as unknown[]).map(String) : cell.trim() === "" ? [] : [cell];
  return all.map((one) => one.trim().replace(/^(\d+)[.]0+$/, "$1"));
}
