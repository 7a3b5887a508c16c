import { OUTSIDE, tagOf, type Entity, type Tag } from "./tags.ts";

/**
 * The entities of any sequence of tags, whatever the scheme, as conlleval and seqeval's default mode find them: a word
 * begins an entity where its letter or a new type says so, and an entity ends where the next word does not belong to it.
 *
 * @param tags of the words of one sequence
 */
export function lenientEntities(tags: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  let before: Tag = tagOf(OUTSIDE);
  let first = 0;
  for (const [place, text] of [...tags, OUTSIDE].entries()) {
    const tag = tagOf(text);
    if (ends(before, tag)) entities.push([before.type, first, place - 1]);
    if (begins(before, tag)) first = place;
    before = tag;
  }
  return entities;
}

/** Whether an entity ends after the word `before`. */
function ends(before: Tag, tag: Tag): boolean {
  if (before.letter === OUTSIDE) return false;
  return "ES".includes(before.letter) || "BSO".includes(tag.letter) || before.type !== tag.type;
}

/** Whether an entity begins with the word `tag`. */
function begins(before: Tag, tag: Tag): boolean {
  if (tag.letter === OUTSIDE) return false;
  return "BS".includes(tag.letter) || "ESO".includes(before.letter) || before.type !== tag.type;
}
