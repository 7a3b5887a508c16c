import { numberOf } from "./cell-number.ts";

/** Words for a mark, in pairs that are used together: a row has a label, and it has not. */
const PAIRS: readonly (readonly [has: string, hasNot: string])[] = [
  ["true", "false"],
  ["t", "f"],
  ["yes", "no"],
  ["y", "n"],
  ["on", "off"],
  ["ja", "nein"],
  ["oui", "non"],
  ["sí", "no"],
  ["si", "no"],
  ["sim", "não"],
  ["да", "нет"],
  ["是", "否"],
];
/** Signs beside which a cell that has not the label is empty. */
const SIGNS = ["x", "✓", "✔", "☑", "✅"];

const known = new Map<string, 0 | 1>([
  ...PAIRS.flatMap(([has, hasNot]) => [[has, 1] as const, [hasNot, 0] as const]),
  ...SIGNS.map((sign) => [sign, 1] as const),
]);

/**
 * Whether a cell of a column for one label says that the row has it (1) or has it not (0); undefined where it says neither.
 * The name of the label says that the row has it.
 */
export function markOf(cell: string, label: string): 0 | 1 | undefined {
  const word = cell.trim().toLowerCase();
  const number = word.endsWith("%") ? null : numberOf(word);
  if (number === 0 || number === 1) return number;
  return known.get(word) ?? (word !== "" && word === label.trim().toLowerCase() ? 1 : undefined);
}

/** Whether values are marks of one kind: numbers, or both words of a pair. */
export function areMarks(values: Iterable<string>): boolean {
  const words = new Set([...values].map((value) => value.trim().toLowerCase()));
  if (words.size === 0) return false;
  const isNumber = (word: string) => !known.has(word) && markOf(word, "") !== undefined;
  const all = [...words];
  return all.every(isNumber) || PAIRS.some((pair) => all.every((word) => pair.includes(word)));
}

/** Whether all values say that a row has a label, so that the empty cells beside them say that it has not. */
export function areOnlyOnes(values: Iterable<string>, label: string): boolean {
  const all = [...values];
  return all.length > 0 && all.every((value) => markOf(value, label) === 1);
}
