/** How entities are written as tags of words: what the letters before a type mean. */
export type Scheme = "IOB1" | "IOB2" | "BIOES";

/** An entity of a sequence: its type, and the places of its first and its last word. */
export type Entity = readonly [type: string, first: number, last: number];

/** The tag of words outside all entities. */
export const OUTSIDE = "O";

/** A tag in its parts. */
export interface Tag {
  /** "B", "I", "E", "S" or "O". */
  letter: string;
  /** The type of entity; "_" for a tag without one, "" outside. */
  type: string;
}

/** The parts of a tag: "B-PER" is the letter B and the type "PER"; a type may hold hyphens itself. */
export function tagOf(tag: string): Tag {
  const letter = tag.slice(0, 1);
  if (tag === OUTSIDE) return { letter, type: "" };
  const rest = tag.slice(1);
  return { letter, type: (rest.startsWith("-") ? rest.slice(1) : rest) || "_" };
}

/** The letters that a scheme has. */
export const lettersOf: Readonly<Record<Scheme, string>> = { IOB1: "IOB", IOB2: "IOB", BIOES: "IOBES" };
