// The study of docs/augmentation.md: changed copies, and ways to balance classes, where rows or a class are few.
//
//   node scripts/studies/augmentation/study.mjs --data DATASETS --work FOLDER [--seeds 1,2,3] [--threads 2] [--page]
//
// Each run is a line of docs/augmentation.jsonl, and one that is there is not made again. The page is written after each.
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { linesOf, tabtune } from "../run.mjs";
import { drawnOf, sets } from "../untouched/sets.mjs";
import { pageOf } from "./page.mjs";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    work: { type: "string" },
    seeds: { type: "string", default: "1,2,3" },
    threads: { type: "string", default: "2" },
    page: { type: "boolean", default: false },
  },
});

const results = "docs/augmentation.jsonl";
const page = "docs/augmentation.md";
const SIZE = 100;
/** Epochs without copies; with copies there are fewer, so that all runs have as many steps. */
const EPOCHS = 12;
const COPIES = 4;

/** Rows of which every so many-th of one class is kept. @param {string} set @param {string} label @param {number} each */
const withRare = (set, label, each) => (/** @type {string} */ folder) => {
  const { rows = [], test } = sets[set]?.(folder) ?? {};
  // Test rows stay as they are, so that the rare class can be measured.
  const kept = rows.slice(0, rows.length / 2).filter((row, i) => row.label !== label || i % each === 0);
  return { rows: kept, test: test ?? rows.slice(rows.length / 2) };
};

/** The sets of the study, of which the last has a class of about one row in thirty. @type {Record<string, (folder: string) => { rows: any[], test?: any[] }>} */
const drawnSets = {
  sst2: (folder) => sets["sst2"]?.(folder) ?? { rows: [] },
  airline: (folder) => sets["airline"]?.(folder) ?? { rows: [] },
  "sms, spam rare": withRare("sms", "spam", 5),
};

const copied = (/** @type {string} */ field, /** @type {number} */ share, classes = "all") => [
  `${field}=${share}`,
  `augmentCopies=${COPIES}`,
  `augmentClasses=${classes}`,
  ...(classes === "all" ? [`epochs=${EPOCHS / (COPIES + 1)}`] : []),
];

/** The fields that each way sets. @type {Record<string, string[]>} */
const ways = {
  "as they are": [],
  "words deleted": copied("augmentDeletion", 0.1),
  "words swapped": copied("augmentSwap", 0.1),
  typos: copied("augmentTypos", 0.05),
  "balanced weights": ["classWeights=balanced"],
  "focal loss": ["focalGamma=2"],
  oversampling: ["sampling=oversample"],
  "copies of rare classes": copied("augmentDeletion", 0.1, "rare"),
};

/** Equal classes have nothing to balance; of few spam messages changed copies of all are of no interest. @type {Record<string, string[]>} */
const waysOf = {
  sst2: ["as they are", "words deleted", "words swapped", "typos"],
  airline: Object.keys(ways),
  "sms, spam rare": ["as they are", "balanced weights", "focal loss", "oversampling", "copies of rare classes"],
};

/** @param {string} set @param {number} seed @param {string} way */
function measure(set, seed, way) {
  const folder = join(values.work ?? "", `${set.replaceAll(/\W+/g, "-")}-${seed}`);
  mkdirSync(folder, { recursive: true });
  const path = (/** @type {string} */ name) => join(folder, `${name}.csv`);
  const files = drawnOf(drawnSets[set]?.(values.data ?? "") ?? { rows: [] }, SIZE, seed);
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
  const out = join(folder, "run");
  rmSync(out, { recursive: true, force: true });
  const fields = [
    `seed=${seed}`,
    "baseline=false",
    `epochs=${EPOCHS}`,
    "classWeights=null",
    "maxLength=32",
    ...(ways[way] ?? []),
  ];
  const columns = ["--text", "text", "--label", "label"];
  tabtune(
    [
      ...["fit", "--model", "public/starter", "--data", path("train"), "--valid", path("valid"), ...columns],
      ...fields.flatMap((field) => ["--set", field]),
      ...["--out", out],
    ],
    values.threads,
  );
  const tested = tabtune(
    ["evaluate", "--model", join(out, "model"), "--data", path("test"), ...columns],
    values.threads,
  );
  const { macro, accuracy, classes, rows } = JSON.parse(tested);
  const { step } = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
  const rarest = [...classes].sort((a, b) => a.support - b.support)[0];
  return { set, seed, way, step, rows, macroF1: macro.f1, accuracy, rarestF1: rarest.f1 };
}

const known = () => linesOf(results);
for (const seed of values.page ? [] : values.seeds.split(",").map(Number)) {
  for (const [set, own] of Object.entries(waysOf)) {
    for (const way of own) {
      if (known().some((one) => one.set === set && one.seed === seed && one.way === way)) continue;
      console.error(`\n${set}, seed ${seed}: ${way}`);
      appendFileSync(results, `${JSON.stringify(measure(set, seed, way))}\n`);
      writeFileSync(page, pageOf(known()));
    }
  }
}
writeFileSync(page, pageOf(known()));
