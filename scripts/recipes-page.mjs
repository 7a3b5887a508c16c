// docs/recipes.md from the runs of scripts/recipes-study.mjs.
import { readFileSync } from "node:fs";
import { HELD_ROWS, TRAIN_ROWS } from "./study-rows.mjs";

/**
 * @typedef {{ type: string, scope?: string, bytes?: number, step?: number, epoch?: number, trainingMs?: number,
 *   wallMs?: number, trainableParameters?: number, report?: { accuracy: number, macro: { f1: number } } }} Event
 * @typedef {{ words: string, setting: string[], accuracy: number, f1: number, steps: number, trainingMs: number,
 *   wallMs: number, processor: number | null, trains: number, bytes: number, torch: number[] }} Line
 */

const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
const seconds = (/** @type {number} */ s) => `${Math.round(s)} s`;

/** @param {string} path @returns {Event[]} */
export function eventsOf(path) {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/**
 * What a run's table row says of it, but for words and PyTorch.
 *
 * @param {{ accuracy: number, macro: { f1: number } }} report @param {Event[]} events
 */
export function lineOf(report, events) {
  const first = (/** @type {string} */ type) => events.find((event) => event.type === type);
  const [plan, end] = [first("plan"), first("end")];
  if (!plan || !end) throw new Error("A run's metrics.jsonl has no plan or no end.");
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

/** PyTorch's accuracies of several seeds, the first of them the run's own: that one, and the mean and range of all. */
function torchCells(/** @type {number[]} */ scores) {
  const [own] = scores;
  if (own === undefined) return ["—", "—"];
  if (scores.length === 1) return [percent(own), "—"];
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const range = [Math.min(...scores), Math.max(...scores)].map((score) => (100 * score).toFixed(1));
  return [percent(own), `${percent(mean)} (${range.join("–")}, ${scores.length} seeds)`];
}

const columns = [
  "accuracy",
  "PyTorch",
  "over seeds",
  "macro F1",
  "steps",
  "training",
  "whole run",
  "processor",
  "trains",
  "memory",
];

/** @param {Line[]} lines @param {string} first title of the first column */
export function tableOf(lines, first) {
  const head = [first, ...columns];
  const rows = lines.map((line) => [
    [line.words, ...line.setting.map((setting) => `\`${setting}\``)].join(" "),
    percent(line.accuracy),
    ...torchCells(line.torch),
    line.f1.toFixed(3),
    line.steps,
    seconds(line.trainingMs / 1000),
    seconds(line.wallMs / 1000),
    line.processor === null ? "—" : seconds(line.processor),
    `${(line.trains / 1e6).toFixed(2)} M`,
    `${Math.round(line.bytes / 1e6)} MB`,
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** PyTorch on all of SST-2's sentences, by epoch: rate 2e-5, 16 rows a step, warm-up 10 %, decay 0.01, seed 42. */
const torchFull = new Map([
  [1, 0.86],
  [3, 0.875],
]);

/** The section on a run over all of SST-2's training sentences. @param {Event[]} events */
export function fullSection(events) {
  const plan = /** @type {any} */ (events.find(({ type }) => type === "plan"));
  const end = events.find(({ type }) => type === "end");
  const rows = events
    .filter(({ type, scope }) => type === "evaluation" && scope === "full")
    .map(({ epoch = 0, report }) => {
      if (!report) throw new Error("An evaluation has no report.");
      const torch = torchFull.get(epoch);
      return [epoch, percent(report.accuracy), torch === undefined ? "—" : percent(torch), report.macro.f1.toFixed(3)];
    });
  const head = ["after epoch", "accuracy", "PyTorch", "macro F1"];
  const time = end ? ` Training took ${Math.round((end.trainingMs ?? 0) / 60_000)} minutes.` : "";
  return [
    "## All of SST-2's sentences",
    `Fine-tuning with the defaults on ${plan.trainRows.toLocaleString("en")} sentences, scored on the ${plan.validationRows} of the development set: ${plan.steps.toLocaleString("en")} steps.${time} One standard error is about ${(100 * Math.sqrt((0.87 * 0.13) / plan.validationRows)).toFixed(1)} points.`,
    [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n"),
  ].join("\n\n");
}

/** @param {string} machine @param {number} mostTokens */
export function introduction(machine, mostTokens) {
  return `# What each way to train gains and costs

The starter model (all-MiniLM-L6-v2), ${TRAIN_ROWS} rows to train on and ${HELD_ROWS} held out, as many of each class, so that guessing gives 50 %; recipes as they are but for a max length of ${mostTokens}, seed 42, one run each. Machine: ${machine}.

- **accuracy** and **macro F1** are those of the best weights on the held-out rows. One standard error is up to ${Math.round((100 * 0.5) / Math.sqrt(HELD_ROWS))} points: small differences are chance.
- **PyTorch** is the same recipe on the same rows with transformers and peft, where they have the method. Order of the rows, dropout and the start of what is new are PyTorch's own, so that the two columns can be expected to agree within the standard error and the luck of the seed, no closer. How large that luck is, **over seeds** shows: PyTorch's mean over several seeds (42 and up), and the lowest and highest of them.
- **training** and **whole run** are the clock's time, the latter with the evaluations and, for feature extraction, the one pass of the encoder; pretraining is on a clock of its own and in neither. **processor** is the processor time of the whole program, pretraining, reading and writing included.
- **trains** is how many weights train, **memory** the most that tensors held at once.`;
}
