// What each way to train gains and costs: runs `tabtune fit` for each preset on a few hundred rows, and writes the table
// of docs/recipes.md:
//   node scripts/recipes-study.mjs SST2_FOLDER WORK_FOLDER "MACHINE" [PRESET…]
// A run that is in WORK_FOLDER already is not made again. All presets on both data sets take an hour on two cores.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HELD_ROWS, TRAIN_ROWS, writeStudyRows } from "./study-rows.mjs";

const [sst2, work, machine, ...wanted] = process.argv.slice(2);
if (!sst2 || !work || !machine)
  throw new Error('Usage: node scripts/recipes-study.mjs SST2_FOLDER WORK_FOLDER "MACHINE"');
const MOST_TOKENS = 64;
const presets = [
  "fine-tuning",
  "feature-extraction",
  "few-rows",
  "gentle",
  "full-retraining",
  "lora",
  "continued-pretraining",
];
const sets = [
  { name: "sst2", words: "SST-2, film sentences" },
  { name: "sms", words: "SMS Spam, text messages" },
];

/** @param {string} set @param {string} preset */
const folderOf = (set, preset) => join(String(work), `${set}-${preset}`);

/** @param {string} set @param {string} preset */
function fit(set, preset) {
  const out = folderOf(set, preset);
  if (existsSync(join(out, "report.json"))) return;
  const files = ["--data", join(String(work), `${set}-train.csv`), "--valid", join(String(work), `${set}-held.csv`)];
  const settings = ["--preset", preset, "--set", `maxLength=${MOST_TOKENS}`, "--set", "evaluationsPerEpoch=0"];
  const command = ["scripts/program.mjs", "tabtune", "fit", "--model", "public/starter", ...files, ...settings];
  console.error(`\n${set}, ${preset}`);
  const { status } = spawnSync(process.execPath, [...command, "--backend", "wasm", "--out", out], { stdio: "inherit" });
  if (status !== 0) throw new Error(`The run of ${preset} on ${set} failed.`);
}

/** One line of the table, or null where there is no run. @param {string} set @param {string} preset */
function lineOf(set, preset) {
  const folder = folderOf(set, preset);
  if (!existsSync(join(folder, "report.json"))) return null;
  const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  const events = readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const of = (/** @type {string} */ type) => events.filter((event) => event.type === type);
  const [plan, end] = [of("plan")[0], of("end")[0]];
  const peak = Math.max(...of("memory").map(({ bytes }) => bytes));
  const cells = [
    preset,
    `${(100 * report.accuracy).toFixed(1)} %`,
    report.macro.f1.toFixed(3),
    end.step,
    `${Math.round(end.trainingMs / 1000)} s`,
    `${Math.round(end.wallMs / 1000)} s`,
    `${(plan.trainableParameters / 1e6).toFixed(2)} M`,
    `${Math.round(peak / 1e6)} MB`,
  ];
  return `| ${cells.join(" | ")} |`;
}

writeStudyRows(sst2, work);
for (const { name } of sets) for (const preset of presets) if (wanted.includes(`${name}-${preset}`)) fit(name, preset);

const head = "| way to train | accuracy | macro F1 | steps | training | whole run | trains | memory |";
const tables = sets.flatMap(({ name, words }) => {
  const lines = presets.map((preset) => lineOf(name, preset)).filter((line) => line !== null);
  return lines.length === 0 ? [] : [`### ${words}`, [head, `|${" --- |".repeat(8)}`, ...lines].join("\n")];
});
const page = [
  "# What each way to train gains and costs",
  `The starter model (all-MiniLM-L6-v2), ${TRAIN_ROWS} rows to train on and ${HELD_ROWS} held out, as many of each class, so that guessing gives 50 %; presets as they are but for a max length of ${MOST_TOKENS}, seed 42, one run each. Machine: ${machine}. Scores are of the best weights. With ${HELD_ROWS} rows one standard error is up to 3 points: small differences are chance. “Whole run” has the evaluations and, for feature extraction, the one pass of the encoder; pretraining is on a clock of its own and not in it.`,
  ...tables,
  `Made by \`node scripts/recipes-study.mjs SST2_FOLDER WORK_FOLDER "MACHINE" sst2-fine-tuning …\`, which makes the named runs and writes down all that are there.`,
];
writeFileSync("docs/recipes.md", `${page.join("\n\n")}\n`);
