// Shows what EWC and rehearsal do against forgetting: text messages (ham or spam) first, sentences of SST-2 (bad or
// good) after, with and without. Runs `tabtune fit` once for each, then writes docs/forgetting.md and its curves:
//   node scripts/forgetting-study.mjs SST2_FOLDER WORK_FOLDER
// SST2_FOLDER has train.tsv and dev.tsv (sentence, tab, 0 or 1; it cannot be shipped). A run that is in WORK_FOLDER
// already is not made again. On two slow cores the whole takes about an hour.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { curvesSvg, pageOf, pointsOf } from "./forgetting-page.mjs";

const [sst2, work] = process.argv.slice(2);
if (!sst2 || !work) throw new Error("Usage: node scripts/forgetting-study.mjs SST2_FOLDER WORK_FOLDER");
const TRAIN_ROWS = 320;
const HELD_ROWS = 256;
const MOST_TOKENS = 64;

/** Rows of the study: the first `count` in the file's order, as many of each class, no text twice. */
class Rows {
  /** @param {string[][]} rows text and label */
  constructor(rows) {
    this.rows = [...new Map(rows.map((row) => [row[0], row])).values()];
  }

  /** Takes rows out. @param {number} count */
  take(count) {
    const labels = [...new Set(this.rows.map(([, label]) => label))].sort();
    const taken = labels.flatMap((label) =>
      this.rows.filter((row) => row[1] === label).slice(0, count / labels.length),
    );
    this.rows = this.rows.filter((row) => !taken.includes(row));
    return taken;
  }
}

/** @param {string} name @param {string[][]} rows */
function writeRows(name, rows) {
  writeFileSync(join(String(work), name), `${Papa.unparse([["text", "label"], ...rows])}\n`);
}

/** @param {string} name @returns {string[][]} */
const sentences = (name) =>
  readFileSync(join(String(sst2), name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));

/**
 * Fine-tunes; a run that is there already is left.
 *
 * @param {string} name @param {string[]} files @param {Record<string, number | undefined>} settings
 */
function fit(name, files, settings) {
  const out = join(String(work), name);
  if (existsSync(join(out, "report.json"))) return;
  const recipe = { maxLength: MOST_TOKENS, learningRate: 1e-4, evaluationSample: HELD_ROWS, ...settings };
  const set = Object.entries(recipe).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const args = ["scripts/program.mjs", "tabtune", "fit", ...files, ...set, "--backend", "wasm", "--out", out];
  console.error(`\n${name}: ${args.slice(3).join(" ")}`);
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`The run ${name} failed.`);
}

mkdirSync(work, { recursive: true });
const table = Papa.parse(readFileSync("public/sample/sms-spam.csv", "utf8").trimEnd()).data;
const messages = new Rows(/** @type {string[][]} */ (table).slice(1).map(([label = "", text = ""]) => [text, label]));
writeRows("sms-train.csv", messages.take(TRAIN_ROWS));
writeRows("sms-held.csv", messages.take(HELD_ROWS));
writeRows("sst2-train.csv", new Rows(sentences("train.tsv")).take(TRAIN_ROWS));
writeRows("sst2-held.csv", new Rows(sentences("dev.tsv")).take(HELD_ROWS));

const file = (/** @type {string} */ name) => join(work, name);
const first = ["--model", "public/starter", "--data", file("sms-train.csv"), "--valid", file("sms-held.csv")];
fit("first", first, { epochs: 2, evaluationsPerEpoch: 0 });
const then = ["--model", file("first/model"), "--data", file("sst2-train.csv"), "--valid", file("sst2-held.csv")];
const earlier = ["--earlier", file("sms-train.csv"), "--earlier-valid", file("sms-held.csv")];
const methods = [
  { name: "nothing", words: "Nothing", color: "#c0392b", dash: "", settings: {} },
  { name: "ewc-1e5", words: "EWC, 1e5", color: "#67a9cf", dash: "2 3", settings: { ewc: 1e5 } },
  { name: "ewc-1e6", words: "EWC, 1e6", color: "#2166ac", dash: "", settings: { ewc: 1e6 } },
  { name: "rehearsal", words: "Rehearsal, 0.25", color: "#1b7837", dash: "6 4", settings: { rehearsal: 0.25 } },
];
for (const { name, settings } of methods) {
  fit(name, [...then, ...earlier], { epochs: 3, evaluationsPerEpoch: 2, ...settings });
}

const lines = methods.map(({ name, words, color, dash, settings }) => {
  const text = readFileSync(join(work, name, "metrics.jsonl"), "utf8");
  const setting = Object.entries(settings).map(([key, value]) => `\`${key}=${value}\``);
  return {
    ...{ words, color, dash, setting: setting.join(", ") },
    earlier: pointsOf(text, "earlier"),
    fresh: pointsOf(text, "evaluation"),
  };
});
writeFileSync("docs/forgetting.svg", curvesSvg(lines));
writeFileSync("docs/forgetting.md", pageOf(lines, { trainRows: TRAIN_ROWS, heldRows: HELD_ROWS }));
