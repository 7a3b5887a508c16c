// Shows the effect of EWC and rehearsal on forgetting: trains on text messages (ham or spam), then on sentences of SST-2
// (bad or good), with and without each method. Runs `tabtune fit` for each, then writes docs/forgetting.md and its curves:
//   node scripts/studies/forgetting/study.mjs SST2_FOLDER WORK_FOLDER
// SST2_FOLDER has train.tsv and dev.tsv (sentence, tab, 0 or 1; they cannot be shipped). A run that is already in
// WORK_FOLDER is not repeated. On two slow cores all runs take about an hour.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fitOnce } from "../run.mjs";
import { curvesSvg, pageOf, pointsOf } from "./page.mjs";
import { HELD_ROWS, TRAIN_ROWS, writeStudyRows } from "../rows.mjs";

const [sst2, work] = process.argv.slice(2);
if (!sst2 || !work) throw new Error("Usage: node scripts/studies/forgetting/study.mjs SST2_FOLDER WORK_FOLDER");
const MOST_TOKENS = 64;

/** @param {string} name @param {string[]} files @param {Record<string, number>} settings */
function fit(name, files, settings) {
  const recipe = { maxLength: MOST_TOKENS, learningRate: 1e-4, evaluationSample: HELD_ROWS, ...settings };
  fitOnce(String(work), name, files, recipe);
}

writeStudyRows(sst2, work);

const file = (/** @type {string} */ name) => join(work, name);
const first = ["--model", "public/starter", "--data", file("sms-train.csv"), "--valid", file("sms-held.csv")];
fit("first", first, { epochs: 2, evaluationsPerEpoch: 0 });
const then = ["--model", file("first/model"), "--data", file("sst2-train.csv"), "--valid", file("sst2-held.csv")];
const earlier = ["--earlier", file("sms-train.csv"), "--earlier-valid", file("sms-held.csv")];
/** @type {{ name: string, words: string, color: string, dash: string, settings: Record<string, number> }[]} */
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
  const setting = Object.entries(settings).map(([key, value]) => `\`${key}=${value}\``);
  return {
    ...{ words, color, dash, setting: setting.join(", ") },
    earlier: pointsOf(file(name), "earlier"),
    fresh: pointsOf(file(name), "evaluation"),
  };
});
writeFileSync("docs/forgetting.svg", curvesSvg(lines));
writeFileSync("docs/forgetting.md", pageOf(lines, { trainRows: TRAIN_ROWS, heldRows: HELD_ROWS }));
