import { Problem } from "../problem/problem.ts";
import { nameWords } from "./column-name.ts";
import type { Table } from "./table.ts";

/** The column with a name; "column 3" is the third in any table. Case and spaces are ignored if only one then matches. Throws a Problem where none does. */
export function columnNamed(table: Pick<Table, "name" | "columns">, name: string): number {
  const place = table.columns.indexOf(name);
  if (place >= 0) return place;
  const numbered = Number(/^column (\d+)$/i.exec(name)?.[1] ?? NaN);
  if (numbered >= 1 && numbered <= table.columns.length) return numbered - 1;
  const words = nameWords(name).join(" ");
  const alike = table.columns.flatMap((other, column) => (nameWords(other).join(" ") === words ? [column] : []));
  const [only] = alike;
  if (only !== undefined && alike.length === 1 && words !== "") return only;
  throw new Problem({
    found: `${table.name} has no column “${name}”.`,
    expected: `Its columns are ${table.columns.join(", ")}.`,
    remedy: "Name one of these columns.",
  });
}
