/** Prefixes that freeze the embeddings and the lowest `layers` layers; -1 for nothing at all. */
export function prefixesBelow(layers: number): string[] {
  if (layers < 0) return [];
  return ["embeddings.", ...Array.from({ length: layers }, (_, layer) => `encoder.layer.${layer}.`)];
}

/** The inverse of `prefixesBelow`, or null where the prefixes are not of that form. */
export function layersBelow(prefixes: readonly string[]): number | null {
  const layers = prefixes.length - 1;
  const same = prefixesBelow(layers).every((prefix, i) => prefixes[i] === prefix);
  return same ? layers : null;
}

/** Prefixes from a line of text, separated by commas or blanks. */
export function prefixesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** The prefix of each part of a model below its head, from the bottom. */
export function partsOf(layers: number): string[] {
  return prefixesBelow(layers);
}

const covers = (prefix: string, part: string) => part.startsWith(prefix.replace(/^bert\./, ""));

/** The parts that some prefix freezes whole ("encoder." freezes every layer). */
export function frozenParts(prefixes: readonly string[], layers: number): Set<string> {
  return new Set(partsOf(layers).filter((part) => prefixes.some((prefix) => covers(prefix, part))));
}

/** Whether the embeddings and every layer are frozen, so that the head trains alone. */
export function trainsHeadAlone(prefixes: readonly string[], layers: number): boolean {
  return frozenParts(prefixes, layers).size === partsOf(layers).length;
}

/** The prefixes after one part was frozen or freed; those that freeze no whole part stay as they are. */
export function toggled(prefixes: readonly string[], part: string, layers: number): string[] {
  const frozen = frozenParts(prefixes, layers);
  if (!frozen.delete(part)) frozen.add(part);
  const others = prefixes.filter((prefix) => !partsOf(layers).some((whole) => covers(prefix, whole)));
  return [...partsOf(layers).filter((whole) => frozen.has(whole)), ...others];
}
