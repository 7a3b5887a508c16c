import { changesOn, type TextChanges } from "../../recipe/augmentation-steps.ts";
import { neighboursOf } from "./keyboard.ts";

/** What stands for the mask token until the tokenizer is known: a noncharacter of Unicode, kept for use within programs. */
const PLACEHOLDER = "\ufdd0";
/** What a copy has where the text of a file has that noncharacter: the sign for a character that cannot be shown. */
const REPLACEMENT = "\ufffd";

/** A word and the white space before it. */
interface Unit {
  gap: string;
  word: string;
}

/** Scripts written without spaces, in which each character counts as a word. */
const SPACELESS =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const characters = new Intl.Segmenter("und", { granularity: "grapheme" });

/**
 * A text with some words deleted, swapped, masked, mistyped and written in another case, in this order: each share is the
 * probability of each word or letter (Wei and Zou 2019, with their number of words drawn). Words are what white space
 * separates; in scripts without spaces a character as people see it (a grapheme cluster) is one. No character is cut, and
 * one word always stays. Masked words need `withMaskToken` before the text is tokenized.
 *
 * @param random uniform numbers in [0, 1)
 */
export function changedText(text: string, shares: TextChanges, random: () => number): string {
  if (changesOn(shares).length === 0) return text;
  const { units, end } = unitsOf(text.replaceAll(PLACEHOLDER, REPLACEMENT));
  const left = swapped(deleted(units, shares.augmentDeletion, random), shares.augmentSwap, random);
  const words = left.map(({ gap, word }) => {
    if (random() < shares.augmentMask) return gap + PLACEHOLDER;
    const typed = shares.augmentTypos > 0 ? mistyped(word, shares.augmentTypos, random) : word;
    return gap + (random() < shares.augmentCase ? inOtherCase(typed, random) : typed);
  });
  return words.join("") + end;
}

/** A changed text with the mask token of a tokenizer for masked words. */
export function withMaskToken(text: string, token: string): string {
  return text.replaceAll(PLACEHOLDER, token);
}

function unitsOf(text: string): { units: Unit[]; end: string } {
  const units: Unit[] = [];
  let end = 0;
  for (const { 0: run, index } of text.matchAll(/\S+/gu)) {
    let gap = text.slice(end, index);
    for (const word of SPACELESS.test(run) ? cutAtCharacters(run) : [run]) {
      units.push({ gap, word });
      gap = "";
    }
    end = index + run.length;
  }
  return { units, end: text.slice(end) };
}

/** Characters of scripts without spaces one by one, and what stands between them together. */
function cutAtCharacters(run: string): string[] {
  const words: string[] = [];
  let isOpen = false;
  for (const { segment } of characters.segment(run)) {
    const isAlone = SPACELESS.test(segment);
    if (isOpen && !isAlone) words.push((words.pop() ?? "") + segment);
    else words.push(segment);
    isOpen = !isAlone;
  }
  return words;
}

function deleted(units: readonly Unit[], share: number, random: () => number): readonly Unit[] {
  if (share <= 0) return units;
  const stays = units.map(() => random() >= share);
  if (!stays.includes(true)) stays[Math.floor(random() * units.length)] = true;
  const left: Unit[] = [];
  let gap = "";
  units.forEach((unit, i) => {
    // The space beside a word goes with it, unless it alone is left between two words.
    gap = i === 0 ? unit.gap : left.length === 0 ? gap : unit.gap || gap;
    if (!stays[i]) return;
    left.push({ gap, word: unit.word });
    gap = "";
  });
  return left;
}

/** Chosen words move on by one place among their own; a single one changes places with any other. */
function swapped(units: readonly Unit[], share: number, random: () => number): readonly Unit[] {
  if (share <= 0 || units.length < 2) return units;
  const chosen = [...units.keys()].filter(() => random() < share);
  const [only] = chosen;
  if (only === undefined) return units;
  if (chosen.length === 1) chosen.push((only + 1 + Math.floor(random() * (units.length - 1))) % units.length);
  const words = units.map(({ word }) => word);
  // Sattolo's algorithm: a random cycle through all chosen places, so that none stays.
  for (let i = chosen.length - 1; i > 0; i--) {
    const [a = 0, b = 0] = [chosen[i], chosen[Math.floor(random() * i)]];
    [words[a], words[b]] = [words[b] ?? "", words[a] ?? ""];
  }
  return units.map(({ gap }, i) => ({ gap, word: words[i] ?? "" }));
}

function mistyped(word: string, share: number, random: () => number): string {
  return word.replace(/[a-z](?!\p{M})/giu, (letter) => {
    if (random() >= share) return letter;
    const near = neighboursOf(letter);
    return near[Math.floor(random() * near.length)] ?? letter;
  });
}

/** The word in one of its other cases; as it is where it has none. */
function inOtherCase(word: string, random: () => number): string {
  const small = word.toLowerCase();
  const forms = new Set([small, word.toUpperCase(), small.replace(/\p{L}/u, (letter) => letter.toUpperCase())]);
  forms.delete(word);
  return [...forms][Math.floor(random() * forms.size)] ?? word;
}
