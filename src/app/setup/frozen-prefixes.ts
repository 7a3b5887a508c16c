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
