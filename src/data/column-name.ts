import {
  decidedWords,
  faintLabelWords,
  formWords,
  labelWords,
  otherWords,
  textWords,
  titleWords,
  weakLabelWords,
} from "./column-words.ts";

/** What the name of a column says of its cells; 0 where it says nothing. */
export interface NameHint {
  /** 2 for texts, 1 for titles and the like, -1 for what is no text. */
  text: number;
  /** 3 for labels (and somewhat more for those that were decided on), 2 where a plainer name would win, 1 for a form of one ("label_id") or a group ("genre"), -1 for what is hardly a class. */
  label: number;
}

/** The words of a name in lower case: "reviewText" and "#1 String" have two, "sentence1" has "sentence" and "1". */
export function nameWords(name: string): string[] {
  return name
    .normalize("NFKC")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{L})(\p{N})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** What a name says; nothing where it is that of an unnamed column. */
export function hintOf(name: string): NameHint {
  if (/^column \d+$/.test(name)) return { text: 0, label: 0 };
  const words = nameWords(name).filter((word) => !/^\d+$/.test(word));
  const joined = words.join(" ");
  // "v1" and "v2" are the columns of the SMS collection as most know it.
  if (/^v ?1$/i.test(name)) return { text: 0, label: 2 };
  if (/^v ?2$/i.test(name)) return { text: 2, label: 0 };
  return { text: textHint(words, joined), label: labelHint(words, joined) };
}

function textHint(words: readonly string[], joined: string): number {
  if (holds(titleWords, words, joined)) return 1;
  if (holds(textWords, words, joined) && !holdsLatin(otherWords, words)) return 2;
  return holds(otherWords, words, joined) ? -1 : 0;
}

function labelHint(words: readonly string[], joined: string): number {
  const strengthOf = (some: readonly string[]) =>
    holds(labelWords, some, some.join(" ")) ? 3 : holds(weakLabelWords, some, some.join(" ")) ? 2 : 0;
  const last = words.at(-1) ?? "";
  // The last word is what is named ("sentiment_confidence"), but for words that name a form of it ("label_id").
  const isForm = formWords.includes(last) && strengthOf(words.slice(0, -1)) > 0;
  if (isForm) return 1;
  const isDecided = words.length > 1 && words.some((word) => decidedWords.includes(word));
  // A vote alone is rather one of those that led to the label, or a count.
  const ofLast = isDecided && last === "vote" ? 2 : strengthOf([last]);
  if (ofLast > 0) {
    return (words.length === 1 || ofLast === 3 ? ofLast : 2) + (isDecided ? 0.5 : 0);
  }
  if (holds(otherWords, words, joined)) return -1;
  if (holds(faintLabelWords, words, joined)) return 1;
  return strengthOf(words) > 0 ? 1 : 0;
}

interface Known {
  /** Words in Latin letters, which stand by themselves. */
  latin: ReadonlySet<string>;
  /** Words of other scripts, which may be parts of what is written as one. */
  others: readonly string[];
}

const isLatin = (word: string) => /^[\p{Script=Latin}\d]+$/u.test(word);
/** Each list cut in two once: tables may have thousands of columns. */
const knownWords = new Map<readonly string[], Known>();

function known(list: readonly string[]): Known {
  const found = knownWords.get(list);
  if (found) return found;
  const made = { latin: new Set(list.filter(isLatin)), others: list.filter((word) => !isLatin(word)) };
  knownWords.set(list, made);
  return made;
}

function holds(list: readonly string[], words: readonly string[], joined: string): boolean {
  const { others } = known(list);
  return holdsLatin(list, words) || others.some((word) => joined.includes(word));
}

function holdsLatin(list: readonly string[], words: readonly string[]): boolean {
  const { latin } = known(list);
  return words.some((word) => latin.has(word));
}
