// Writes the three files of the section "An untouched first run" in docs/recipes.md: rows drawn with a fixed seed, in
// random order. node scripts/studies/recipes/first-run-rows.mjs SMSSpamCollection banking77/train.csv sst2/train.tsv FOLDER
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";

const [sms = "", banking = "", sst2 = "", folder = ""] = process.argv.slice(2);

/** mulberry32. */
function createRandom(/** @type {number} */ seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {string[][]} rows */
function shuffled(rows) {
  const random = createRandom(7);
  const order = [...rows];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? [], order[i] ?? []];
  }
  return order;
}

/** The same number of rows of each label. @param {string[][]} rows text and label @param {string[]} labels @param {number} count */
function balanced(rows, labels, count) {
  const order = shuffled(rows);
  return shuffled(labels.flatMap((label) => order.filter((row) => row[1] === label).slice(0, count / labels.length)));
}

const lines = (/** @type {string} */ path) => readFileSync(path, "utf8").trimEnd().split("\n");
const write = (/** @type {string} */ name, /** @type {string[][]} */ rows) =>
  writeFileSync(join(folder, name), `${Papa.unparse([["text", "label"], ...rows])}\n`);

mkdirSync(folder, { recursive: true });

const messages = lines(sms).map((line) => {
  const [label = "", text = ""] = line.split("\t");
  return [text, label];
});
write("sms-480.csv", balanced(messages, ["ham", "spam"], 480));

const questions = /** @type {string[][]} */ (Papa.parse(readFileSync(banking, "utf8").trimEnd()).data).slice(1);
const counts = new Map();
for (const [, label] of questions) counts.set(label, (counts.get(label) ?? 0) + 1);
const largest = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 10);
write(
  "banking-500.csv",
  balanced(
    questions,
    largest.map(([label]) => label),
    500,
  ),
);

write("sst2-480.csv", shuffled(lines(sst2).map((line) => line.split("\t"))).slice(0, 480));
