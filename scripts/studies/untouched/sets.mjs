// The sets of docs/untouched.md: rows without duplicates, drawn by a seed into rows to train and validate on, and test rows
// that neither sees. The files cannot be shipped; they are read from a folder that is given.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";

/** Rows to test on, at most. */
const TEST_ROWS = 500;

/** @typedef {{ text: string, pair?: string, label: string }} Row */

/** @param {string} path @returns {Record<string, string>[]} */
const csv = (path) =>
  /** @type {any} */ (Papa.parse(readFileSync(path, "utf8"), { header: true, skipEmptyLines: true }).data);

/** @param {string} path @returns {string[][]} */
const tabbed = (path) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd().split("\t"));

/** Questions about a card, of six kinds. */
const six = ["card_arrival", "card_linking", "exchange_rate", "lost_or_stolen_card", "pin_blocked", "transfer_timing"];

/** @param {string} folder @param {string} file @returns {Row[]} */
const banking = (folder, file) =>
  csv(join(folder, "banking77", file)).map(({ text = "", category = "" }) => ({ text, label: category }));

/** Articles are cut at 128 tokens in every run, untouched ones too: whole ones would take four times as long. @type {Record<string, string[]>} */
export const settingsOf = { bbc: ["--set", "maxLength=128"] };

/** @param {string} folder @param {number} column of the label */
function sick(folder, column) {
  const read = (/** @type {string} */ file) =>
    tabbed(join(folder, "sick", file))
      .slice(1)
      .map((cells) => ({ text: cells[1] ?? "", pair: cells[2] ?? "", label: cells[column] ?? "" }));
  return { rows: read("SICK_train.txt"), test: read("SICK_test_annotated.txt") };
}

/**
 * What the command line is told of a set beside its texts' and labels' columns: the pair's column, and the task where it
 * is not single-label.
 *
 * @type {Record<string, string[]>}
 */
export const optionsOf = {
  sick: ["--pair", "pair"],
  "sick-score": ["--pair", "pair", "--task", "regression"],
  goemotions: ["--task", "multi-label", "--label-separator", ","],
};

/** Rows of each set by its name. @type {Record<string, (folder: string) => { rows: Row[], test?: Row[] }>} */
export const sets = {
  sms: (folder) => ({
    rows: tabbed(join(folder, "sms_spam/SMSSpamCollection")).map(([label = "", text = ""]) => ({ text, label })),
  }),
  sst2: (folder) => ({
    rows: tabbed(join(folder, "sst2_sentences/train.tsv")).map(([text = "", label = ""]) => ({ text, label })),
    test: tabbed(join(folder, "sst2_sentences/test.tsv")).map(([text = "", label = ""]) => ({ text, label })),
  }),
  banking6: (folder) => ({
    rows: banking(folder, "train.csv").filter(({ label }) => six.includes(label)),
    test: banking(folder, "test.csv").filter(({ label }) => six.includes(label)),
  }),
  banking77: (folder) => ({ rows: banking(folder, "train.csv"), test: banking(folder, "test.csv") }),
  airline: (folder) => ({
    rows: csv(join(folder, "messy/airline_tweets/Tweets.csv")).map(({ text = "", airline_sentiment: label = "" }) => ({
      text,
      label,
    })),
  }),
  bbc: (folder) => ({
    rows: csv(join(folder, "messy/bbc_text/bbc-text.csv")).map(({ text = "", category = "" }) => ({
      text,
      label: category,
    })),
  }),
  sick: (folder) => sick(folder, 4),
  "sick-score": (folder) => sick(folder, 3),
  goemotions: (folder) => ({
    rows: tabbed(join(folder, "goemotions/train_first_8000.tsv")).map(([text = "", label = ""]) => ({ text, label })),
  }),
};

/**
 * The files of one draw, as CSV: a fifth of `size` rows is to choose by.
 *
 * @param {string} name of the set @param {string} folder of the data sets @param {number} size @param {number} seed
 */
export function drawn(name, folder, size, seed) {
  const read = sets[name];
  if (!read) throw new Error(`There is no set ${name}: ${Object.keys(sets).join(", ")}.`);
  return drawnOf(read(folder), size, seed);
}

/**
 * The same of rows that are given.
 *
 * @param {{ rows: Row[], test?: Row[] }} all @param {number} size @param {number} seed
 */
export function drawnOf({ rows, test }, size, seed) {
  const order = shuffled(withoutDuplicates(rows), seed);
  const seen = new Set(order.slice(0, size).map(keyOf));
  // Test rows are the same for each size and seed where they are in a file of their own.
  const others = test ? shuffled(withoutDuplicates(test), 1) : order.slice(size);
  const held = others.filter((row) => !seen.has(keyOf(row))).slice(0, TEST_ROWS);
  // Every fifth row in the order of the labels, so that each label has its share, as in a split that the app makes.
  const byLabel = order.slice(0, size).sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  const [train, valid] = [false, true].map((isValid) => byLabel.filter((_, i) => (i % 5 === 2) === isValid));
  return { train: fileOf(train ?? []), valid: fileOf(valid ?? []), test: fileOf(held) };
}

/** @param {Row} row */
const keyOf = ({ text, pair = "" }) => `${text}\n${pair}`;

/** @param {Row[]} rows */
const withoutDuplicates = (rows) => [...new Map(rows.map((row) => [keyOf(row), row])).values()];

/** @param {Row[]} rows */
const fileOf = (rows) => `${Papa.unparse(rows)}\n`;

/** @template T @param {T[]} list @param {number} seed @returns {T[]} */
function shuffled(list, seed) {
  let state = seed * 7919 + 1;
  const random = () => {
    // A linear congruential generator (Numerical Recipes) is enough to draw rows.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [/** @type {T} */ (copy[j]), /** @type {T} */ (copy[i])];
  }
  return copy;
}
