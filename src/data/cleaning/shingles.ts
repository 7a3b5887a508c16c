/** Characters of a shingle. */
export const GRAM = 5;

/** A text in lower case with single spaces, of which near duplicates are compared. */
export function normalized(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

/** The different character 5-grams of a normalized text, in code points; a shorter text is one by itself. */
export function shingles(text: string): Set<string> {
  if (!/[\ud800-\udfff]/.test(text)) return unitShingles(text);
  const characters = Array.from(text);
  if (characters.length <= GRAM) return new Set(characters.length === 0 ? [] : [text]);
  const grams = new Set<string>();
  for (let at = 0; at + GRAM <= characters.length; at++) grams.add(characters.slice(at, at + GRAM).join(""));
  return grams;
}

function unitShingles(text: string): Set<string> {
  const grams = new Set<string>();
  if (text.length > 0 && text.length < GRAM) grams.add(text);
  for (let at = 0; at + GRAM <= text.length; at++) grams.add(text.slice(at, at + GRAM));
  return grams;
}

/** Size of the intersection over size of the union (Jaccard 1901); 1 for two empty sets. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 1;
  let shared = 0;
  for (const gram of a) if (b.has(gram)) shared++;
  return shared / (a.size + b.size - shared);
}
