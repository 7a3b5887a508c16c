// What the runs of scripts/recipes-study.mjs gave, kept in docs/recipes.json: the runs themselves may be thrown away.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fullOf, resultOf } from "./recipes-events.mjs";

/**
 * @typedef {{ accuracy: number, f1: number, steps: number, trainingMs: number, wallMs: number, processor: number | null,
 *   trains: number, bytes: number, torch: Record<string, number> }} Result processor in seconds, torch by seed
 * @typedef {{ trainRows: number, validationRows: number, steps: number, trainingMs: number,
 *   epochs: { epoch: number, accuracy: number, f1: number }[] }} Full
 * @typedef {{ runs: Record<string, Result>, full: Full | null }} Results
 */

const FILE = "docs/recipes.json";
const read = (/** @type {string} */ path) => JSON.parse(readFileSync(path, "utf8"));

/** @returns {Results} */
export function keptResults() {
  return existsSync(FILE) ? read(FILE) : { runs: {}, full: null };
}

/**
 * Adds what a folder of runs holds to what is kept, and keeps it.
 *
 * @param {string} work @param {string[]} names the runs that there may be @returns {Results}
 */
export function gatherResults(work, names) {
  const { runs, full } = keptResults();
  const torchFile = join(work, "torch.json");
  /** @type {Record<string, Record<string, number>>} */
  const torch = existsSync(torchFile) ? read(torchFile) : {};
  for (const name of names) {
    const folder = join(work, name);
    if (existsSync(join(folder, "report.json"))) {
      const report = read(join(folder, "report.json"));
      const result = resultOf(report, folder);
      runs[name] = { ...result, processor: processorSeconds(`${folder}-seconds.txt`), torch: runs[name]?.torch ?? {} };
    }
    const run = runs[name];
    if (run) run.torch = { ...run.torch, ...torch[name] };
  }
  const fullRun = join(work, "sst2-full");
  const results = { runs, full: existsSync(fullRun) ? fullOf(fullRun) : full };
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
  return results;
}

/** Sum of what the run's processes took, null where it was not measured. @param {string} path */
function processorSeconds(path) {
  if (!existsSync(path)) return null;
  const all = readFileSync(path, "utf8").trim().split("\n").map(Number);
  return all.reduce((sum, seconds) => sum + seconds, 0);
}
