/** "1 row", "3 rows", "5,572 rows": a count with its noun, or with any two phrases that differ so. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A share as a percentage without needless digits: 0.134 is "13.4 %", 0.87 is "87 %". */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** Names in quotes, at most `most` of them: `"a", "b" and 3 more`. */
export function quoted(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => `"${name.length > 60 ? `${name.slice(0, 60)}…` : name}"`);
  return shown.join(", ") + (names.length > most ? ` and ${(names.length - most).toLocaleString("en")} more` : "");
}
