import { readFileSync } from "node:fs";
import { createRandom } from "../../src/data/random.ts";

const SHORTEST = 30;
const LONGEST = 60;
/** Share of words that no row had before: names, as in news (AG News has one such in about thirty). */
const NEW_WORDS = 0.03;
const SYLLABLES = [
  "ba",
  "ren",
  "dor",
  "ka",
  "li",
  "mo",
  "sha",
  "tin",
  "ve",
  "zu",
  "por",
  "gra",
  "nel",
  "ous",
  "fi",
  "hem",
];

/**
 * Rows like those of AG News, 30 to 60 words each: running text of the shipped sample, so that words are as frequent as
 * they are in a language, with names made up in between. The same seed gives the same rows.
 */
export function* newsRows(count: number, seed: number): Generator<string> {
  const words = sampleWords();
  const random = createRandom(seed);
  const below = (end: number) => Math.floor(random() * end);
  const name = () => Array.from({ length: 5 }, () => SYLLABLES[below(SYLLABLES.length)]).join("");
  for (let row = 0; row < count; row++) {
    const length = SHORTEST + below(LONGEST - SHORTEST + 1);
    const start = below(words.length - length);
    const some = words.slice(start, start + length);
    yield some
      .map((word) => (random() < NEW_WORDS ? name().replace(/^./, (first) => first.toUpperCase()) : word))
      .join(" ");
  }
}

/** All words of the sample's texts, in order. */
function sampleWords(): string[] {
  const lines = readFileSync("public/sample/sms-spam.csv", "utf8").split("\n").slice(1);
  return lines.flatMap((line) =>
    line
      .slice(line.indexOf(",") + 1)
      .replaceAll('"', "")
      .trim()
      .split(/\s+/),
  );
}
