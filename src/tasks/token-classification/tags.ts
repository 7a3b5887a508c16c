import { OUTSIDE, type Scheme } from "../../metrics/entities/tags.ts";

/** A tag with a letter for the place within an entity: O, B-PER, I_LOC, U-ORG, or the letter alone. */
const LETTERED = /^(?:O|([BIESLUM])(?:[-_](.+))?)$/;
/** Letters of other schemes in BIOES: BILOU's last word and unit, BMES's middle. */
const LETTERS: Readonly<Record<string, string>> = { L: "E", U: "S", M: "I" };
/** The type of entities whose tags name none. */
const NO_TYPE = "ENT";

/** Whether tags say by a letter where in an entity a word stands; else each is a type by itself. */
export function areLettered(tags: Iterable<string>): boolean {
  for (const tag of tags) if (!LETTERED.test(tag)) return false;
  return true;
}

/** A lettered tag in the letters of BIOES, with a hyphen: "U_LOC" is "S-LOC". */
export function usualTag(tag: string): string {
  const [, letter = OUTSIDE, type = NO_TYPE] = LETTERED.exec(tag) ?? [];
  return letter === OUTSIDE ? OUTSIDE : `${LETTERS[letter] ?? letter}-${type}`;
}

/** The type of a tag in usual letters; "" outside of entities. */
export const typeOf = (usual: string): string => (usual === OUTSIDE ? "" : usual.slice(2));

/** How the outputs of a head tag words. */
interface TagForm {
  /** Null where each name is a type by itself, such as a part of speech. */
  scheme: Scheme | null;
  /** Each name as a tag by which entities are counted: a type by itself as a word within an entity of that type. */
  counted: readonly string[];
}

/** The form of a head's names. */
export function tagForm(labelNames: readonly string[]): TagForm {
  if (!areLettered(labelNames)) {
    return { scheme: null, counted: labelNames.map((name) => (name === OUTSIDE ? OUTSIDE : `I-${name}`)) };
  }
  const counted = labelNames.map(usualTag);
  return { scheme: counted.some((tag) => /^[ES]/.test(tag)) ? "BIOES" : "IOB2", counted };
}

/** The types of entities that a head's names are of, in their order. */
export function typesOfNames(labelNames: readonly string[]): string[] {
  return [...new Set(tagForm(labelNames).counted.map(typeOf))].filter((type) => type !== "");
}

/** The names of a new head for entities of these types: outside, then begin and inside of each type. */
export function namesOfTypes(types: Iterable<string>): string[] {
  return [OUTSIDE, ...[...types].sort().flatMap((type) => [`B-${type}`, `I-${type}`])];
}

/** The places among a head's names of tags in its own scheme, or of types; undefined for one that it does not have. */
export function placesOfTags(labelNames: readonly string[]): (usual: string) => number | undefined {
  const { scheme, counted } = tagForm(labelNames);
  const places = new Map<string, number>();
  if (scheme === null) {
    labelNames.forEach((name, place) => places.set(name, place));
    return (usual) => places.get(usual === OUTSIDE ? OUTSIDE : typeOf(usual));
  }
  counted.forEach((tag, place) => places.set(tag, place));
  // Heads that have no letter for the first word know it as one within.
  return (usual) => places.get(usual) ?? (usual.startsWith("B-") ? places.get(`I-${typeOf(usual)}`) : undefined);
}

/** How two heads for the same types of entities differ in their tags, as a clause; null where the types are others. */
export function otherTags(own: readonly string[], wanted: readonly string[]): string | null {
  const sorted = (names: readonly string[]) => typesOfNames(names).sort().join(" ");
  if (sorted(own) !== sorted(wanted)) return null;
  const schemes = [tagForm(own).scheme, tagForm(wanted).scheme];
  if (schemes[0] !== schemes[1])
    return `its tags are ${schemes[0] ?? "types alone"}, new ones ${schemes[1] ?? "types alone"}`;
  const missing = wanted.filter((name) => !own.includes(name));
  return missing.length > 0 ? `it has no ${missing.slice(0, 5).join(", ")}` : null;
}
