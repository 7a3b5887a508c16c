/**
 * Names of labels by number: the number of their line from 0, or from 1 as in Matlab and R, or as in `0 World` or
 * `1,Sports`. Null where a label has none.
 *
 * @param lines of the file of names
 * @param labels numbers that occur
 */
export function namesByNumber(lines: readonly string[], labels: Iterable<string>): Map<string, string> | null {
  const numbered = lines.map((line) => /^\s*(\d+)[\s,:=]+(.+?)\s*$/.exec(line));
  const names = new Map<string, string>();
  const isNumbered = numbered.every((found) => found !== null);
  lines.forEach((line, place) => {
    const found = numbered[place];
    if (isNumbered && found) names.set(found[1] ?? "", found[2] ?? "");
    else names.set(String(place), line.trim());
  });
  const used = [...new Set([...labels].map((label) => label.trim()))];
  if (used.every((label) => names.has(label))) return names;
  const fromOne = new Map([...names].map(([number, name]) => [String(Number(number) + 1), name]));
  return used.every((label) => fromOne.has(label)) ? fromOne : null;
}
