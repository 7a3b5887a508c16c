// Made once: the first use of a locale takes 20 ms, which would otherwise delay what the page draws first.
const hundredths = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
hundredths.format(0);

/** A number with its noun: "1 row", "5,572 rows", "0.5 epochs"; any two phrases can be given. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${hundredths.format(count)} ${count === 1 ? one : many}`;
}

/** A share as percent, with a digit more where it would round to 0 or 100 and is neither: 0.8662 → "87 %". */
export function percent(share: number): string {
  const value = share * 100;
  const edge = (value > 0 && value < 1) || (value > 99 && value < 100);
  const inside = Math.min(99.9, Math.max(0.1, value));
  return `${edge ? inside.toFixed(1) : value.toFixed(0)}\u202f%`;
}

/** A number as people write it in recipes: 0.00002 → "2e-5", 0.1 → "0.1". */
export function plainNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

/** Words as a phrase: "query, key and value". */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${last}` : last;
}

/** Names in quotes, at most `most` of them: `"a", "b" and 3 more`. */
export function quoted(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => `"${name.length > 60 ? `${name.slice(0, 60)}…` : name}"`);
  return shown.join(", ") + (names.length > most ? ` and ${hundredths.format(names.length - most)} more` : "");
}

/** In which precision a run computes whose recipe asks for mixed precision. */
export function precisionText(mixedAs: "float32" | "mixed"): string {
  return mixedAs === "mixed" ? "mixed precision" : "float32, as mixed precision needs a GPU with 16-bit floats";
}

/** A run that diverged at step `from` and went back to its save of `step`, with a share of its rate, in a sentence. */
export function setbackText({ from, step, rate }: { from: number; step: number; rate: number }): string {
  return `The training diverged at step ${from}; the run went on from step ${step}, its last save, at ${percent(rate)} of the rate.`;
}
