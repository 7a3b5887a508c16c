import { guessColumns } from "../data/columns.ts";
import type { ColumnChoice } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import { Problem } from "../problem/problem.ts";

/** Columns by name, as given on the command line; those not given are guessed. */
export interface ColumnNames {
  text?: string | undefined;
  pair?: string | undefined;
  label?: string | undefined;
}

/**
 * `options` begins the names of the options that name these columns, e.g. "earlier-". Throws a Problem when a name is not a column, or one is needed
 * that cannot be guessed.
 */
export function chooseColumns(table: Table, names: ColumnNames, options = ""): ColumnChoice {
  const { guess, problem } = guessColumns(table.columns, table.cells);
  const text = placeOf(table, names.text) ?? guess?.text;
  const label = placeOf(table, names.label) ?? guess?.label;
  if (text === undefined || label === undefined || text === label) {
    throw new Problem({
      found: problem || `Text and label are both “${table.columns[text ?? 0] ?? ""}”.`,
      expected: `A column of texts and one of labels were expected among ${table.columns.join(", ")}.`,
      remedy: `Name them with --${options}text and --${options}label.`,
    });
  }
  // A guessed pair goes only with a guessed text.
  const pair = placeOf(table, names.pair) ?? (names.text === undefined ? (guess?.pair ?? null) : null);
  return { text, label, pair };
}

function placeOf(table: Table, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const place = table.columns.indexOf(name);
  if (place >= 0) return place;
  throw new Problem({
    found: `${table.name} has no column “${name}”.`,
    expected: `Its columns are ${table.columns.join(", ")}.`,
    remedy: "Name one of these columns.",
  });
}
