import type { ColumnChoice } from "../workers/protocol.ts";

/** Why a column cannot have two roles at once, or null where each has one of its own. */
export function columnClash(names: readonly string[], { text, pair, label }: ColumnChoice): string | null {
  const clash = (first: string, second: string, column: number) =>
    `${first} and ${second} are the same column, “${names[column] ?? ""}”. Choose another column for one of them.`;
  if (text === label) return clash("Text", "label", text);
  if (pair !== null && pair === label) return clash("Second text", "label", pair);
  if (pair !== null && pair === text) return clash("Text", "second text", text);
  return null;
}
