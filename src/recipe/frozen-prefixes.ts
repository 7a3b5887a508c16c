/** What a parameter may be called by: see `ParameterIdentity`. */
interface Named {
  role: string;
  parts: readonly string[];
  base: string;
  layers?: readonly number[];
}

/** Roles of a parameter in each of the layers that it serves. */
function rolesOf({ role, layers }: Named): string[] {
  return layers?.map((layer) => role.replace(/(?<=^encoder\.layer\.)\d+/, String(layer))) ?? [role];
}

/**
 * Whether a prefix of a recipe begins one part of a parameter: as the checkpoint names it, with or without what stands
 * before all of its encoder's names, or as it is called in a model of any family ("encoder.layer.0.").
 */
export function begins(prefix: string, part: string, named: Named): boolean {
  return [...rolesOf(named), ...spellings(part, named)].some((name) => name.startsWith(prefix));
}

/** The name of a part, with and without the encoder's beginning. */
function spellings(part: string, { base }: Named): string[] {
  return part.startsWith(base) ? [part, part.slice(base.length)] : [part];
}

/** Whether prefixes begin a parameter in some of the layers that share it, but not in all: they can only freeze together. */
export function splitsLayers(prefixes: readonly string[], named: Named): boolean {
  const roles = rolesOf(named);
  if (roles.length === 1) return false;
  const begun = (names: readonly string[]) => names.some((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  if (begun(named.parts.flatMap((part) => spellings(part, named)))) return false;
  const count = roles.filter((role) => begun([role])).length;
  return count > 0 && count < roles.length;
}

/** Whether a prefix begins any part of a parameter. */
export function beginsAny(prefix: string, named: Named): boolean {
  return named.parts.some((part) => begins(prefix, part, named));
}

/**
 * Prefixes that freeze the embeddings and the lowest `layers` layers, from the bottom; -1 for nothing at all. With all
 * layers of a model they are its parts below the head.
 */
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

/**
 * A prefix with the checkpoint's name of its encoder ("transformer.layer.", "layers.") replaced by "encoder.layer.", and
 * without what comes before that.
 */
const neutral = (prefix: string) =>
  prefix
    .replace(/^(?:\w+\.)?\w+\.(?=layer\.)/, "encoder.")
    .replace(/^(?:\w+\.)?layers\./, "encoder.layer.")
    .replace(/^\w+\.(?=(?:embeddings|encoder)\.)/, "");

const covers = (prefix: string, part: string) => part.startsWith(neutral(prefix));

/** The parts that some prefix freezes whole ("encoder." freezes every layer). */
export function frozenParts(prefixes: readonly string[], layers: number): Set<string> {
  return new Set(prefixesBelow(layers).filter((part) => prefixes.some((prefix) => covers(prefix, part))));
}

/** Whether the embeddings and every layer are frozen, so that only the head trains. */
export function freezesAllBelowHead(prefixes: readonly string[], layers: number): boolean {
  return frozenParts(prefixes, layers).size === prefixesBelow(layers).length;
}

/** The prefixes after one part was frozen or freed; those that freeze no whole part stay as they are. */
export function toggled(prefixes: readonly string[], part: string, layers: number): string[] {
  const frozen = frozenParts(prefixes, layers);
  if (!frozen.delete(part)) frozen.add(part);
  const others = prefixes.filter((prefix) => !prefixesBelow(layers).some((whole) => covers(prefix, whole)));
  return [...prefixesBelow(layers).filter((whole) => frozen.has(whole)), ...others];
}
