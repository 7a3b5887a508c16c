import { createRandom } from "../../../src/data/random.ts";

const people = ["Alva Brenn", "Milo", "Tessa Quade", "Ruben Holt", "Ines", "Jorik Vance", "Dalia Moss", "Oskar"];
const places = ["Marwick", "Port Sable", "Lindau", "Old Harrow", "Vesper", "Tarn", "Saint Orlo", "Quillon"];
const firms = ["Northgate Mills", "Kestrel", "Ambrose Paper", "Zenith Tools", "Fairway"];

/** Sentences with a place for each type of entity. */
const patterns = [
  "PER moved from LOC to LOC last spring .",
  "In LOC the workers of ORG went on strike .",
  "ORG opened a shop in LOC , said PER .",
  "Yesterday PER wrote a long letter to PER .",
  "The road to LOC was closed again .",
  "PER works for ORG and lives near LOC .",
];

/** Sentences with people, places and firms in CoNLL's lines, a word and its tag in IOB2 each. */
export function taggedSentences(sentences: number): string {
  const random = createRandom(7);
  const of = { PER: people, LOC: places, ORG: firms };
  const lines = Array.from({ length: sentences }, (_, i) =>
    (patterns[i % patterns.length] ?? "").split(" ").flatMap((word) => {
      if (word !== "PER" && word !== "LOC" && word !== "ORG") return [`${word} O`];
      const name = of[word][Math.floor(random() * of[word].length)] ?? "";
      return name.split(" ").map((part, place) => `${part} ${place === 0 ? "B" : "I"}-${word}`);
    }),
  );
  return lines.map((own) => own.join("\n")).join("\n\n") + "\n";
}
