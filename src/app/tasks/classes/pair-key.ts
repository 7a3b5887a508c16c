/** A class of the one side and one of the other, e.g. true and predicted; null is any. */
export type ClassPair = readonly [first: number | null, second: number | null];

/** A pair as the key of a selection. */
export function pairKey([first, second]: ClassPair): string {
  return `${first ?? "*"} ${second ?? "*"}`;
}

/** The pair of a key; any class of both sides where it is none. */
export function pairOf(key: string | null): ClassPair {
  const [, first, second] = /^(\d+|\*) (\d+|\*)$/.exec(key ?? "") ?? [];
  const classOf = (part: string | undefined) => (part === undefined || part === "*" ? null : Number(part));
  return [classOf(first), classOf(second)];
}

/** A pair in words, e.g. "true ham, predicted spam". */
export function pairName(pair: ClassPair, sides: readonly [string, string], labelNames: readonly string[]): string {
  return pair
    .flatMap((index, side) => (index === null ? [] : [`${sides[side] ?? ""} ${labelNames[index] ?? `class ${index}`}`]))
    .join(", ");
}
