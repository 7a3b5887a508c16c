// Stores the results of study.mjs in docs/recipes.json, so that the runs themselves can be deleted.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventsOf } from "../run.mjs";

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
 * Adds the results in a folder of runs to docs/recipes.json.
 *
 * @param {string} work @param {string[]} names of runs that may be there @returns {Results}
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

/** Processor time of all processes of a run; null where it was not measured. @param {string} path */
function processorSeconds(path) {
  if (!existsSync(path)) return null;
  const all = readFileSync(path, "utf8").trim().split("\n").map(Number);
  return all.reduce((sum, seconds) => sum + seconds, 0);
}

/**
 * @typedef {{ type: string, scope?: string, bytes?: number, step?: number, epoch?: number, trainingMs?: number,
 *   wallMs?: number, steps?: number, trainRows?: number, validationRows?: number, trainableParameters?: number,
 *   report?: { accuracy: number, macro: { f1: number } } }} Event
 */

/** @param {Event[]} events */
function planAndEnd(events) {
  const [plan, end] = ["plan", "end"].map((type) => events.find((event) => event.type === type));
  if (!plan || !end) throw new Error("A run's metrics.jsonl has no plan or no end.");
  return { plan, end };
}

/**
 * The stored result of a run, without processor time and PyTorch.
 *
 * @param {{ accuracy: number, macro: { f1: number } }} report @param {string} folder of the run
 */
function resultOf(report, folder) {
  /** @type {Event[]} */
  const events = eventsOf(folder);
  const { plan, end } = planAndEnd(events);
  return {
    accuracy: report.accuracy,
    f1: report.macro.f1,
    steps: end.step ?? 0,
    trainingMs: end.trainingMs ?? 0,
    wallMs: end.wallMs ?? 0,
    trains: plan.trainableParameters ?? 0,
    bytes: Math.max(...events.map(({ bytes = 0 }) => bytes)),
  };
}

/** The stored results of the run over all of SST-2's training sentences. @param {string} folder of the run */
function fullOf(folder) {
  /** @type {Event[]} */
  const events = eventsOf(folder);
  const { plan, end } = planAndEnd(events);
  const epochs = events
    .filter(({ type, scope }) => type === "evaluation" && scope === "full")
    .map(({ epoch = 0, report }) => {
      if (!report) throw new Error("An evaluation has no report.");
      return { epoch, accuracy: report.accuracy, f1: report.macro.f1 };
    });
  const { trainRows = 0, validationRows = 0, steps = 0 } = plan;
  return { trainRows, validationRows, steps, trainingMs: end.trainingMs ?? 0, epochs };
}
