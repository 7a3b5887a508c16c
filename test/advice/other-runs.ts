import { createRandom } from "../../src/data/random.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";

/** A run of a task other than one class for each text, to be recorded by record-other-runs.ts. */
interface OtherRun {
  name: string;
  task: "multi-label" | "regression" | "token-classification";
  /** The lines of the table, made from a seed; they are tab-separated or JSON. */
  table: () => string[];
  /** What differs from the default recipe. */
  recipe: Partial<Recipe>;
}

type Draw = ReturnType<typeof drawing>;

function drawing(seed: number) {
  const random = createRandom(seed);
  return { random, one: <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T };
}

const rowsOf = <T>(count: number, row: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => row(at));

/** Clauses of a label each. */
const clauses: Record<string, readonly string[]> = {
  food: ["the soup was cold", "we ordered pasta and bread", "the cook burnt the rice", "lunch came late"],
  travel: ["our train was late", "the flight left at noon", "we missed the bus", "the hotel was far away"],
  money: ["the bill was too high", "they charged my card twice", "the refund never came", "prices went up"],
  pets: ["the dog barked all night", "a cat slept on the bed"],
  law: ["the contract was void", "a lawyer wrote to us"],
};
const fillers = ["last week", "as far as I know", "again", "on monday", "to be fair", "in the end"];

/** Texts of one or two clauses, marked with what these are about; `shares` are those of the labels. */
function topics(count: number, seed: number, shares: Record<string, number>): string[] {
  const draw = drawing(seed);
  const names = Object.keys(shares);
  return [
    ["text", ...names].join("\t"),
    ...rowsOf(count, () => {
      const own = names.filter((name) => draw.random() < (shares[name] ?? 0));
      const words = [...own.map((name) => draw.one(clauses[name] ?? [])), draw.one(fillers), draw.one(fillers)];
      return [words.join(", "), ...names.map((name) => (own.includes(name) ? 1 : 0))].join("\t");
    }),
  ];
}

const moods = ["dreadful", "poor", "fair", "good", "superb"];

/** Texts with a mood that says the number, up to a little noise; `of` turns it into the target. */
function moodNumbers(count: number, seed: number, of: (mood: number, draw: Draw, at: number) => number): string[] {
  const draw = drawing(seed);
  return [
    "text\tscore",
    ...rowsOf(count, (at) => {
      const mood = Math.floor(draw.random() * moods.length);
      const text = `the ${draw.one(["food", "room", "staff", "view", "trip"])} was ${moods[mood]} ${draw.one(fillers)}`;
      return `${text}\t${of(mood, draw, at)}`;
    }),
  ];
}

const noisy = (draw: Draw, by: number) => by * (draw.random() + draw.random() - 1);
const rounded = (value: number) => Number(value.toFixed(2));

const people = ["Anna Lee", "John Smith", "Maria Lopez", "Peter Brown", "Sara Khan", "David Jones"];
const places = ["Oslo", "Rome", "New York", "Berlin", "Cape Town", "Lima"];
const ships = ["Red Star", "Old Mary", "Blue Whale"];

type Piece = string | readonly [name: string, type: string];

/** A row of JSON Lines: words and their tags in IOB2. */
function tagged(pieces: readonly Piece[]): string {
  const words = pieces.flatMap((piece) => {
    const [text, type] = typeof piece === "string" ? [piece, ""] : piece;
    return text.split(" ").map((word, at) => [word, type === "" ? "O" : `${at === 0 ? "B" : "I"}-${type}`] as const);
  });
  return JSON.stringify({ tokens: words.map(([word]) => word), ner_tags: words.map(([, tag]) => tag) });
}

/** Sentences about a person in a place; a share of them about a ship instead. */
function journeys(count: number, seed: number, shipShare: number): string[] {
  const draw = drawing(seed);
  return rowsOf(count, () =>
    draw.random() < shipShare
      ? tagged(["they", "boarded the", [draw.one(ships), "ship"], draw.one(fillers)])
      : tagged([draw.one(fillers), [draw.one(people), "person"], "went to", [draw.one(places), "place"], "by train"]),
  );
}

/** Long texts with a place in every other one. */
function reports(count: number, seed: number): string[] {
  const draw = drawing(seed);
  return rowsOf(count, (at) => {
    const some = () => rowsOf(5, () => draw.one(fillers));
    return tagged([...some(), ...(at % 2 === 0 ? [[draw.one(places), "place"] as const] : []), ...some()]);
  });
}

/** The same with titles, which belong to the name in every other text. */
function titled(count: number, seed: number): string[] {
  const draw = drawing(seed);
  return rowsOf(count, () => {
    const [title, name] = [draw.one(["Doctor", "Professor", "Captain"]), draw.one(people)];
    const person: Piece[] = draw.random() < 0.5 ? [[`${title} ${name}`, "person"]] : [title, [name, "person"]];
    return tagged([draw.one(fillers), ...person, "spoke at length"]);
  });
}

/** Fits the starter model, whose hidden size is 384. */
const base: Partial<Recipe> = { learningRate: 1e-4, epochs: 6, maxLength: 32, evaluationsPerEpoch: 0, baseline: false };
const common = { food: 0.4, travel: 0.4, money: 0.4 };

export const otherRuns: readonly OtherRun[] = [
  { name: "healthy-labels", task: "multi-label", table: () => topics(300, 1, common), recipe: base },
  {
    name: "labels-never-predicted",
    task: "multi-label",
    table: () => topics(400, 2, { ...common, pets: 0.08 }),
    recipe: { ...base, epochs: 2 },
  },
  {
    name: "labels-too-seldom",
    task: "multi-label",
    table: () => topics(240, 3, { food: 0.3, travel: 0.3, money: 0.3 }),
    recipe: { ...base, epochs: 3, learningRate: 5e-5 },
  },
  {
    name: "labels-rare",
    task: "multi-label",
    table: () => topics(160, 4, { food: 0.5, travel: 0.5, pets: 0.06, law: 0.06 }),
    recipe: { ...base, epochs: 12 },
  },
  {
    name: "labels-not-validated",
    task: "multi-label",
    table: () => [...topics(200, 5, { ...common, law: 0 }), `${clauses["law"]?.[0]}\t0\t0\t0\t1`],
    recipe: base,
  },
  {
    name: "labels-mostly-absent",
    task: "multi-label",
    table: () => topics(400, 6, { food: 0.06, travel: 0.06 }),
    recipe: { ...base, epochs: 12 },
  },
  {
    name: "healthy-numbers",
    task: "regression",
    table: () => moodNumbers(300, 7, (mood, draw) => rounded(20 * mood + noisy(draw, 6))),
    recipe: base,
  },
  {
    name: "numbers-near-the-mean",
    task: "regression",
    table: () => moodNumbers(300, 8, (_, draw) => rounded(100 * draw.random())),
    recipe: { ...base, epochs: 3 },
  },
  {
    name: "numbers-with-outliers",
    task: "regression",
    table: () =>
      moodNumbers(400, 9, (mood, draw, at) => rounded((at % 40 === 7 ? 10 : 1) * (20 * mood + 10 + noisy(draw, 6)))),
    recipe: base,
  },
  {
    name: "numbers-of-few-values",
    task: "regression",
    table: () => moodNumbers(300, 10, (mood) => mood + 1),
    recipe: base,
  },
  { name: "healthy-entities", task: "token-classification", table: () => journeys(200, 11, 0.3), recipe: base },
  {
    name: "entities-all-outside",
    task: "token-classification",
    table: () => reports(160, 12),
    recipe: { ...base, epochs: 2, learningRate: 5e-5, maxLength: 64 },
  },
  {
    name: "entities-of-a-type-never-found",
    task: "token-classification",
    table: () => journeys(400, 13, 0.08),
    recipe: { ...base, epochs: 1 },
  },
  {
    name: "entities-with-wrong-boundaries",
    task: "token-classification",
    table: () => titled(240, 14),
    recipe: { ...base, epochs: 4 },
  },
];
