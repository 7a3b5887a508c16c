import { lenientEntities } from "./lenient.ts";
import { lettersOf, OUTSIDE, tagOf, type Entity, type Scheme, type Tag } from "./tags.ts";

/**
 * Entities written as the tags of a sequence.
 *
 * @param entities in any order
 * @param words number of words of the sequence
 * @throws RangeError for an entity outside the sequence, or two that share a word
 */
export function tagsOf(entities: readonly Entity[], words: number, scheme: Scheme): string[] {
  const tags = new Array<string>(words).fill(OUTSIDE);
  let free = 0;
  let before: Entity | null = null;
  for (const entity of entities.toSorted(([, a], [, b]) => a - b)) {
    const [type, first, last] = entity;
    if (first < free || last < first || last >= words) {
      throw new RangeError(`No room for “${type}” at words ${first} to ${last} of ${words}.`);
    }
    const touches = before !== null && before[0] === type && before[2] === first - 1;
    for (let place = first; place <= last; place++) tags[place] = `${letterOf(place, entity, touches, scheme)}-${type}`;
    free = last + 1;
    before = entity;
  }
  return tags;
}

/** The same entities, as any reader finds them, in the tags of another scheme. */
export function inScheme(tags: readonly string[], scheme: Scheme): string[] {
  return tagsOf(lenientEntities(tags), tags.length, scheme);
}

/** @param touches whether the entity before is of the same type and ends where this one begins */
function letterOf(place: number, [, first, last]: Entity, touches: boolean, scheme: Scheme): string {
  if (scheme === "BIOES" && place === last) return first === last ? "S" : "E";
  if (place > first) return "I";
  return scheme === "IOB1" && !touches ? "I" : "B";
}

/** Whether a tag may follow another. */
const follows: Readonly<Record<Scheme, (before: Tag, tag: Tag) => boolean>> = {
  IOB1: (before, tag) => tag.letter !== "B" || ("IB".includes(before.letter) && before.type === tag.type),
  IOB2: (before, tag) => tag.letter !== "I" || ("IB".includes(before.letter) && before.type === tag.type),
  BIOES(before, tag) {
    const isOpen = "BI".includes(before.letter);
    return isOpen === "IE".includes(tag.letter) && (!isOpen || before.type === tag.type);
  },
};

/** The words of a sequence whose tags a scheme does not allow; of an entity left open at the end its last word. */
export function faultsOf(tags: readonly string[], scheme: Scheme): number[] {
  const faults: number[] = [];
  let before = tagOf(OUTSIDE);
  for (const [place, text] of tags.entries()) {
    const tag = tagOf(text);
    const isLetter = tag.letter !== "" && lettersOf[scheme].includes(tag.letter);
    if (!isLetter || !follows[scheme](before, tag)) faults.push(place);
    before = tag;
  }
  const last = tags.length - 1;
  if (!follows[scheme](before, tagOf(OUTSIDE)) && faults.at(-1) !== last) faults.push(last);
  return faults;
}

/** A scheme, and what of some sequences it does not allow. */
interface SchemeFit {
  scheme: Scheme;
  /** Number of words whose tags it does not allow. */
  faults: number;
  /** The sequences with such words, by their place. */
  sequences: number[];
}

/**
 * The scheme that sequences are written in: BIOES where its own letters occur, else of the two others the one that
 * allows more of the tags, and IOB2 where both allow as many.
 */
export function schemeOf(sequences: readonly (readonly string[])[]): SchemeFit {
  const isBioes = sequences.some((tags) => tags.some((tag) => /^[ES](-|$)/.test(tag)));
  if (isBioes) return fitOf(sequences, "BIOES");
  const [iob2, iob1] = [fitOf(sequences, "IOB2"), fitOf(sequences, "IOB1")];
  return iob1.faults < iob2.faults ? iob1 : iob2;
}

function fitOf(sequences: readonly (readonly string[])[], scheme: Scheme): SchemeFit {
  const faults = sequences.map((tags) => faultsOf(tags, scheme).length);
  return {
    scheme,
    faults: faults.reduce((sum, count) => sum + count, 0),
    sequences: faults.flatMap((count, place) => (count > 0 ? [place] : [])),
  };
}
