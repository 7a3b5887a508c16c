import type { TokenScores } from "./scorer.ts";
import { tagForm, typeOf } from "./tags.ts";

/** A predicted entity: code points `start` to `end` of its text, without the end. */
export interface PredictedEntity {
  label: string;
  start: number;
  end: number;
  text: string;
  /** Mean of the probabilities of its words' tags. */
  score: number;
}

/** Words with their predicted tags, in the order of the text. */
interface TaggedWord {
  start: number;
  end: number;
  /** Among the names of the head; −1 of a word that the model has not seen. */
  tag: number;
  probability: number;
}

/**
 * The entities of a text, as transformers' pipeline groups words: a word belongs to the entity before it where its type
 * is the same and its letter does not begin one.
 */
export function entitiesOf(
  text: string,
  words: readonly TaggedWord[],
  labelNames: readonly string[],
): PredictedEntity[] {
  const { counted } = tagForm(labelNames);
  const characters = Array.from(text);
  const groups: { label: string; words: TaggedWord[] }[] = [];
  let before = "";
  for (const word of words) {
    const tag = counted[word.tag] ?? "O";
    const label = typeOf(tag);
    const last = groups.at(-1);
    if (label !== "" && last && label === before && !/^[BS]/.test(tag)) last.words.push(word);
    else if (label !== "") groups.push({ label, words: [word] });
    before = label;
  }
  const entities = groups.map(({ label, words: own }) => {
    const score = own.reduce((sum, { probability }) => sum + probability / own.length, 0);
    const span = trimmed(characters, own[0]?.start ?? 0, own.at(-1)?.end ?? 0);
    return { label, ...span, text: characters.slice(span.start, span.end).join(""), score };
  });
  // In some vocabularies a space can be a token by itself.
  return entities.filter(({ text: own }) => own !== "");
}

/** A stretch of a text without the spaces at its ends: tokens of some vocabularies begin with one. */
function trimmed(characters: readonly string[], start: number, end: number): { start: number; end: number } {
  while (start < end && /\s/.test(characters[start] ?? "")) start++;
  while (end > start && /\s/.test(characters[end - 1] ?? "")) end--;
  return { start, end };
}

/** The words of a text that was scored, with their predicted tags. */
export function taggedWords(
  { starts, predicted, probabilities }: TokenScores,
  text: number,
  spanOf: (word: number) => { start: number; end: number },
): TaggedWord[] {
  const [from, to] = [starts[text] ?? 0, starts[text + 1] ?? 0];
  return Array.from({ length: to - from }, (_, word) => ({
    ...spanOf(word),
    tag: predicted[from + word] ?? -1,
    probability: probabilities[from + word] ?? NaN,
  }));
}
