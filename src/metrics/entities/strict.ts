import { lettersOf, OUTSIDE, tagOf, type Entity, type Scheme, type Tag } from "./tags.ts";

/** What two tags side by side mean in a scheme. */
interface Rules {
  /** Whether `tag` begins an entity. */
  begins: (before: Tag, tag: Tag) => boolean;
  /** Whether `tag` continues the entity that `before` belongs to. */
  continues: (before: Tag, tag: Tag) => boolean;
  /** Whether an entity with `before` as its last word may end before `tag`, which does not continue it. */
  ends: (before: Tag, tag: Tag) => boolean;
}

const sameType = (a: Tag, b: Tag) => a.type === b.type;
const isIn = (tag: Tag, letters: string) => letters.includes(tag.letter);

const rules: Readonly<Record<Scheme, Rules>> = {
  // B stands only between two entities of one type that touch: elsewhere it begins and ends nothing.
  IOB1: {
    begins(before, tag) {
      if (isIn(tag, "B")) return isIn(before, "IB") && sameType(before, tag);
      return isIn(tag, "I") && !(isIn(before, "I") && sameType(before, tag));
    },
    continues: (before, tag) => isIn(tag, "I") && isIn(before, "IB") && sameType(before, tag),
    ends: (before, tag) => !(isIn(before, "B") && isIn(tag, "B") && !sameType(before, tag)),
  },
  IOB2: {
    begins: (_, tag) => isIn(tag, "B"),
    continues: (before, tag) => isIn(tag, "I") && isIn(before, "IB") && sameType(before, tag),
    ends: () => true,
  },
  BIOES: {
    begins: (_, tag) => isIn(tag, "BS"),
    continues: (before, tag) => isIn(tag, "IE") && isIn(before, "BI") && sameType(before, tag),
    ends: (before) => isIn(before, "ES"),
  },
};

/**
 * The entities that a scheme itself allows, as seqeval's strict mode finds them: words tagged against it are no entity.
 *
 * @param tags of the words of one sequence
 * @throws RangeError for a letter that the scheme does not have
 */
export function strictEntities(tags: readonly string[], scheme: Scheme): Entity[] {
  const { begins, continues, ends } = rules[scheme];
  const parts = [...tags, OUTSIDE].map(tagOf);
  const foreign = parts.findIndex(({ letter }) => letter === "" || !lettersOf[scheme].includes(letter));
  if (foreign >= 0) throw new RangeError(`${scheme} has no tag “${tags[foreign]}”.`);
  const entities: Entity[] = [];
  const outside = tagOf(OUTSIDE);
  let place = 0;
  while (place < tags.length) {
    const first = parts[place] ?? outside;
    if (!begins(parts[place - 1] ?? outside, first)) {
      place++;
      continue;
    }
    let end = place + 1;
    while (continues(parts[end - 1] ?? outside, parts[end] ?? outside)) end++;
    if (ends(parts[end - 1] ?? outside, parts[end] ?? outside)) entities.push([first.type, place, end - 1]);
    place = end;
  }
  return entities;
}
