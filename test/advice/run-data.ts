import { createRandom } from "../../src/data/random.ts";

/** A table to train on; all of it is made from a seed. */
export interface MadeRows {
  texts: string[];
  labels: string[];
}

const wordsOf = (stem: string, count: number) => Array.from({ length: count }, (_, i) => `${stem}${i}`);
const fillers = wordsOf("filler", 300);
const moods = { good: wordsOf("praise", 10), bad: wordsOf("blame", 10) };
const topics = { art: wordsOf("art", 10), food: wordsOf("food", 10), sport: wordsOf("sport", 10) };

/** Every word that a row can hold; fewer than the tiny model has embeddings. */
export const vocabulary = [...fillers, ...moods.good, ...moods.bad, ...Object.values(topics).flat()];

interface RowOptions {
  rows: number;
  seed: number;
  /** Words of a row that say nothing of its class, from and to. */
  filler?: [number, number];
  /** Share of the rows whose label is drawn anew, with no regard to the text. */
  noise?: number;
  /** Words that tell the class. */
  signals?: number;
  /** Share of each class; alike where none is given. */
  shares?: number[];
}

/** Rows of a class each, told by one or more of the class's own words among others that say nothing. */
function makeRows(classes: Record<string, string[]>, options: RowOptions): MadeRows {
  const { rows, seed, filler = [4, 10], noise = 0, signals = 2 } = options;
  const random = createRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const names = Object.keys(classes);
  const shares = options.shares ?? names.map(() => 1 / names.length);
  const drawClass = () => {
    let left = random();
    return names.find((_, k) => (left -= shares[k] ?? 0) < 0) ?? names[0] ?? "";
  };
  const made: MadeRows = { texts: [], labels: [] };
  for (let row = 0; row < rows; row++) {
    const name = drawClass();
    const own = classes[name] ?? [];
    const words = Array.from({ length: filler[0] + below(filler[1] - filler[0] + 1) }, () => {
      // Common words are far more common than rare ones, as in a language.
      return fillers[Math.floor(fillers.length * random() ** 2)] ?? "";
    });
    for (let i = 0; i < signals; i++) words.splice(below(words.length + 1), 0, own[below(own.length)] ?? "");
    made.texts.push(words.join(" "));
    made.labels.push(random() < noise ? drawClass() : name);
  }
  return made;
}

export const moodRows = (options: RowOptions) => makeRows(moods, options);
export const topicRows = (options: RowOptions) => makeRows(topics, options);

/** Texts of which each word follows from the one before: fillers in their order, from one of a few on. */
export function countingTexts({ texts, seed }: { texts: number; seed: number }): string[] {
  const random = createRandom(seed);
  return Array.from({ length: texts }, () => {
    const [start, length] = [Math.floor(30 * random()), 6 + Math.floor(10 * random())];
    return fillers.slice(start, start + length).join(" ");
  });
}
