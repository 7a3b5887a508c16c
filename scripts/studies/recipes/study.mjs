// What each way to train gains and costs: runs `tabtune fit` for each preset and method on a few hundred rows, stores the
// results in docs/recipes.json and writes the tables of docs/recipes.md:
//   node scripts/studies/recipes/study.mjs SST2_FOLDER WORK_FOLDER "MACHINE" [RUN…]
// A run is named SET-WAY, e.g. sst2-gentle; “all” makes all of them, in three hours on one free core. A run that is already
// in WORK_FOLDER or in docs/recipes.json is not repeated. Two more inputs are read from WORK_FOLDER where they exist:
// torch.json, written by study.py, and the folder sst2-full, a run with the defaults on all of SST-2's sentences
// (fit --data train.tsv --valid dev.tsv).
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fullSection, introduction, tableOf, reading, firstRun } from "./page.mjs";
import { gatherResults, keptResults } from "./results.mjs";
import { methodWays, presetWays, sets } from "./ways.mjs";
import { writeStudyRows } from "../rows.mjs";

const [sst2, work, machine, ...wanted] = process.argv.slice(2);
if (!sst2 || !work || !machine)
  throw new Error('Usage: node scripts/studies/recipes/study.mjs SST2_FOLDER WORK_FOLDER "MACHINE" [RUN…]');
const MOST_TOKENS = 64;

/** @typedef {import("./ways.mjs").Way} Way */

const kept = keptResults();
const inWork = (/** @type {string} */ name) => join(String(work), name);

/** @param {string} set @param {Way} way */
function fit(set, { name, set: changes }) {
  const out = inWork(`${set}-${name}`);
  if (existsSync(join(out, "report.json")) || kept.runs[`${set}-${name}`]) return;
  const files = ["--data", inWork(`${set}-train.csv`), "--valid", inWork(`${set}-held.csv`)];
  // Single methods are changes of the first way, the preset Classic.
  const isPreset = presetWays.some((one) => one.name === name) && name !== presetWays[0]?.name;
  const preset = ["--preset", isPreset ? name : "classic"];
  const settings = [`maxLength=${MOST_TOKENS}`, "evaluationsPerEpoch=0", ...changes].flatMap((one) => ["--set", one]);
  const options = ["--model", "public/starter", ...files, ...preset, ...settings, "--backend", "wasm", "--out", out];
  const watched = [
    "--import",
    "./scripts/studies/recipes/processor-time.mjs",
    "scripts/program.mjs",
    "tabtune",
    "fit",
    ...options,
  ];
  console.error(`\n${set}, ${name}`);
  rmSync(`${out}-seconds.txt`, { force: true });
  const env = { ...process.env, PROCESSOR_TIME: `${out}-seconds.txt` };
  const { status } = spawnSync(process.execPath, watched, { stdio: "inherit", env });
  if (status !== 0) throw new Error(`The run of ${name} on ${set} failed.`);
}

/** @param {string} set */
const waysOn = (set) => (set === "sst2" ? [...presetWays, ...methodWays] : presetWays);
const runName = (/** @type {string} */ set, /** @type {Way} */ way) => `${set}-${way.name}`;

writeStudyRows(sst2, work);
for (const { name: set } of sets) {
  for (const way of waysOn(set)) {
    if (wanted.includes("all") || wanted.includes(runName(set, way))) fit(set, way);
  }
}

const everyRun = sets.flatMap(({ name }) => waysOn(name).map((way) => runName(name, way)));
const { runs, full } = gatherResults(work, everyRun);

/** The table rows of the ways that have a run. @param {string} set @param {Way[]} ways */
const linesOf = (set, ways) =>
  ways.flatMap((way) => {
    const result = runs[runName(set, way)];
    return result ? { words: way.words, setting: way.set, result } : [];
  });

const tables = sets.flatMap(({ name, words }) => {
  const lines = linesOf(name, presetWays);
  return lines.length === 0 ? [] : [`### ${words}`, tableOf(lines, "way to train")];
});
const page = [
  introduction(machine, MOST_TOKENS),
  "## Presets",
  ...tables,
  "## Single methods",
  "On SST-2 alone: fine-tuning with one thing changed. The first line is fine-tuning as it is.",
  tableOf(linesOf("sst2", [...presetWays.slice(0, 1), ...methodWays]), "change"),
  ...(full ? [fullSection(full)] : []),
  reading,
  firstRun,
  "## How it was made",
  'By `node scripts/studies/recipes/study.mjs SST2_FOLDER WORK_FOLDER "MACHINE" all`, PyTorch’s columns by `python scripts/studies/recipes/study.py WORK_FOLDER`. Both skip runs that WORK_FOLDER already has; the first also skips those in docs/recipes.json, and writes the tables from everything that exists.',
];
writeFileSync("docs/recipes.md", `${page.join("\n\n")}\n`);
