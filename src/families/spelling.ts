/** A name in today's spelling: old files call LayerNorm's weight and bias gamma and beta. */
export function modernName(name: string): string {
  return name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
}

/**
 * The full name of a stored tensor in today's spelling, or null for one that is part neither of the encoder nor of the
 * head: files of an encoder alone lack its prefix `base`.
 *
 * @param modules of the encoder, without its prefix
 * @param heads modules of the head that stand outside of the encoder
 */
export function canonicalName(
  stored: string,
  base: string,
  modules: readonly string[],
  heads: readonly string[],
): string | null {
  const name = modernName(stored);
  if (isPositionIds(name)) return null;
  const bare = name.startsWith(base) ? name.slice(base.length) : name;
  if (modules.some((module) => bare.startsWith(`${module}.`))) return base + bare;
  return heads.some((head) => name === `${head}.weight` || name === `${head}.bias`) ? name : null;
}

/** A buffer that old versions of transformers saved. */
export const isPositionIds = (name: string) => /(^|\.)embeddings\.position_ids$/.test(name);
