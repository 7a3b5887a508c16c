// docs/recipes.md from the runs of scripts/recipes-study.mjs.
import { markdownTable } from "./markdown-table.mjs";
import { HELD_ROWS, TRAIN_ROWS } from "./study-rows.mjs";

/**
 * @typedef {import("./recipes-results.mjs").Result} Result
 * @typedef {import("./recipes-results.mjs").Full} Full
 * @typedef {{ words: string, setting: string[], result: Result }} Line
 */

const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
const seconds = (/** @type {number} */ s) => `${Math.round(s)} s`;

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
  const rows = lines.map(({ words, setting, result }) => [
    [words, ...setting.map((one) => `\`${one}\``)].join(" "),
    percent(result.accuracy),
    ...torchCells(Object.values(result.torch)),
    result.f1.toFixed(3),
    result.steps,
    seconds(result.trainingMs / 1000),
    seconds(result.wallMs / 1000),
    result.processor === null ? "—" : seconds(result.processor),
    `${(result.trains / 1e6).toFixed(2)} M`,
    `${Math.round(result.bytes / 1e6)} MB`,
  ]);
  return markdownTable(head, rows);
}

/** PyTorch on all of SST-2's sentences, by epoch: rate 2e-5, 16 rows per step, warm-up 10 %, decay 0.01, seed 42. */
const torchFull = new Map([
  [1, 0.86],
  [3, 0.875],
]);

/** The section on the run over all of SST-2's training sentences. @param {Full} full */
export function fullSection({ trainRows, validationRows, steps, trainingMs, epochs }) {
  const rows = epochs.map(({ epoch, accuracy, f1 }) => {
    const torch = torchFull.get(epoch);
    return [epoch, percent(accuracy), torch === undefined ? "—" : percent(torch), f1.toFixed(3)];
  });
  const head = ["after epoch", "accuracy", "PyTorch", "macro F1"];
  return [
    "## All of SST-2's sentences",
    `Fine-tuning with the defaults on ${trainRows.toLocaleString("en")} sentences, scored on the ${validationRows} of the development set: ${steps.toLocaleString("en")} steps. Training took ${Math.round(trainingMs / 60_000)} minutes. One standard error is about ${(100 * Math.sqrt((0.87 * 0.13) / validationRows)).toFixed(1)} points.`,
    markdownTable(head, rows),
  ].join("\n\n");
}

/** @param {string} machine @param {number} mostTokens */
export function introduction(machine, mostTokens) {
  return `# What each way to train gains and costs

The starter model (all-MiniLM-L6-v2), ${TRAIN_ROWS} rows to train on and ${HELD_ROWS} held out, as many of each class, so that guessing gives 50 %; recipes as they are but for a max length of ${mostTokens}, seed 42, one run each. Machine: ${machine}.

- **accuracy** and **macro F1** are those of the best weights on the held-out rows. One standard error is up to ${Math.round((100 * 0.5) / Math.sqrt(HELD_ROWS))} points: small differences are chance.
- **PyTorch** is the same recipe on the same rows with transformers and peft, where they have the method. Order of the rows, dropout and the start of what is new are PyTorch's own, so that the two columns can be expected to agree within the standard error and the luck of the seed, no closer. How large that luck is, **over seeds** shows: PyTorch's mean over several seeds (42 and up), and the lowest and highest of them.
- **training** and **whole run** are the clock's time, the latter with the evaluations and, for feature extraction, the one pass of the encoder; pretraining is on a clock of its own and in neither. **processor** is the processor time of the whole program, pretraining, reading and writing included.
- **trains** is how many weights train, **memory** what tensors hold between steps: weights, their moments and copies. Within a step 4 bytes for each weight that trains and the activations come on top; \`tabtune plan\` estimates the peak.`;
}
