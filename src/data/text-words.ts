import type { LabelledSpan } from "./labelled-spans.ts";

/** A word of a text: code points `start` to `end`, without the end. */
export interface Word {
  start: number;
  end: number;
}

/** Words as BERT's tokenizers cut them: letters, digits and what belongs to them together, every other sign alone. */
const WORD = /[\p{L}\p{N}\p{M}_]+|[^\s\p{L}\p{N}\p{M}_]/gu;

/** The words of a text, cut where spans of it begin and end too. */
export function wordsOfText(text: string, spans: readonly LabelledSpan[]): Word[] {
  const cuts = new Set(spans.flatMap(({ start, end }) => [start, end]));
  const words: Word[] = [];
  // Code points are counted as the matches come.
  let unit = 0;
  let place = 0;
  for (const { 0: match, index } of text.matchAll(WORD)) {
    place += lengthOf(text.slice(unit, index));
    unit = index;
    let start = place;
    for (const character of match) {
      if (place > start && cuts.has(place)) {
        words.push({ start, end: place });
        start = place;
      }
      place++;
      unit += character.length;
    }
    words.push({ start, end: place });
  }
  return words;
}

/** The words of a list, as they stand in the text that has a space between them. */
export function wordsOfList(list: readonly string[]): Word[] {
  let place = 0;
  return list.map((word) => {
    const start = place;
    place += lengthOf(word) + 1;
    return { start, end: place - 1 };
  });
}

/** Number of code points. */
function lengthOf(text: string): number {
  let count = 0;
  for (let unit = 0; unit < text.length; unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}
