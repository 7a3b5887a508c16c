// Writes docs/recipes.md from the results of study.mjs. `reading` and `firstRun` are written by hand: check them whenever the
// tables are measured again.
import { markdownTable } from "../markdown-table.mjs";
import { HELD_ROWS, TRAIN_ROWS } from "../rows.mjs";

/**
 * @typedef {import("./results.mjs").Result} Result
 * @typedef {import("./results.mjs").Full} Full
 * @typedef {{ words: string, setting: string[], result: Result }} Line
 */

const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
const seconds = (/** @type {number} */ s) => `${Math.round(s)} s`;

/** Two cells: PyTorch's accuracy with the first seed, and mean and range over all seeds. The first seed is the run's own. */
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

The starter model (all-MiniLM-L6-v2), ${TRAIN_ROWS} rows to train on and ${HELD_ROWS} held out, equally many of each class, so that guessing gives 50 %; recipes unchanged except for a max length of ${mostTokens}, seed 42, one run each. Machine: ${machine}.

- **accuracy** and **macro F1** are scores of the best weights on the held-out rows. One standard error is up to ${Math.round((100 * 0.5) / Math.sqrt(HELD_ROWS))} points: small differences are chance.
- **PyTorch** is the same recipe on the same rows with transformers and peft, where they have the method. PyTorch draws its own order of rows, dropout and initial values of new weights, so the two columns should agree only within the standard error and the variation between seeds. **over seeds** shows that variation: PyTorch's mean over several seeds (42 and up), with the lowest and the highest.
- **training** and **whole run** are wall time; the latter includes the evaluations and, for feature extraction, the encoder's single pass. Pretraining has its own clock and is in neither. **processor** is the processor time of the whole program, including pretraining, reading and writing.
- **trains** is the number of trained weights, **memory** the memory of all tensors between steps: weights, their moments and copies. A step needs 4 more bytes for each trained weight, and the activations; \`tabtune plan\` estimates the peak.`;
}

/** The conclusions from the tables. */
export const reading = `## Reading the tables

**Too few steps.** With 320 sentences the defaults are too cautious: three epochs are 60 steps at 2e-5, and fine-tuning is hardly better than guessing. A rate five times as high costs nothing and gains nearly 19 points; so does leaving out Adam's bias correction, which makes the first steps larger. “Few rows” (20 epochs, layers re-initialized) gains as much at more than six times the processor time, and 12 epochs of plain fine-tuning gain a little more than either; twice the epochs are too few. With up to 40 epochs, early stopping ended after ten, two after the best: close to that result, without choosing the number beforehand.

**Cheap ways.** Feature extraction is the best: the encoder runs once, in about ten seconds, and all 20 epochs after that take less than a second, so an epoch over 1,000 rows would take about a tenth of a second. Frozen lower layers halve the memory held between steps and cost two points, which may be chance. LoRA trains 0.07 million numbers in a third of that memory, but even at 5e-4 these 60 steps are too few for it: use more epochs.

**Text messages**, where single words reveal spam: every way except plain fine-tuning and LoRA is within three points of the best, “few rows”; even full retraining from random weights is. On film sentences, neither full retraining nor continued pretraining gains anything from 320 rows; both need more text.

**Another head.** A re-initialized top layer, and [CLS] or a mean instead of the pooler, gain three to seven points in these first 60 steps, because this checkpoint was trained for a mean over the tokens, without its pooler. Gradual unfreezing over eight epochs gains as much.

**No difference** beyond chance: R-Drop, label smoothing, more dropout, L2-SP, layer-wise rates, the cosine schedule, the moving average, the means of checkpoints. These methods act against overfitting and unsteady ends, which do not occur in 60 steps. A mean of checkpoints that scores worse than the best epoch is discarded, so such a run ends like plain fine-tuning.

**PyTorch's figures** are within one and a half standard errors, on text messages within two; neither column is better throughout. With all 6,920 sentences the defaults are right: 87.8 % after three epochs, PyTorch 87.5 %.`;

/** The section on an untouched first run; first-run-rows.mjs makes its files. */
export const firstRun = `## An untouched first run

\`tabtune fit\` with the starter model and no recipe (automatic: 1e-4, by the hidden size of 384; 12 or 13 epochs, so that there are at least 300 steps), beside the preset Classic (2e-5, 3 epochs) and 1e-4 for six epochs. A stratified fifth of each file is held out, seed 42, one run each; scores are of the best weights. One standard error is 1 to 5 points: Classic is clearly worse everywhere, the other two are equal.

| rows | recipe | steps | accuracy | macro F1 | processor |
| --- | --- | --- | --- | --- | --- |
| 480 text messages, half of them spam | Classic | 72 | 92.7 % | 0.927 | 111 s |
| | 1e-4 × 6 | 144 | 99.0 % | 0.990 | 219 s |
| | automatic | 312 | 99.0 % | 0.990 | 460 s |
| 500 questions of Banking77, its ten largest classes | Classic | 75 | 68.0 % | 0.671 | 77 s |
| | 1e-4 × 6 | 150 | 95.0 % | 0.948 | 133 s |
| | automatic | 300 | 95.0 % | 0.949 | 275 s |
| 480 sentences of SST-2 | Classic | 72 | 53.1 % | 0.366 | 78 s |
| | 1e-4 × 6 | 144 | 75.0 % | 0.748 | 152 s |
| | automatic | 312 | 76.0 % | 0.760 | 328 s |

Files by \`node scripts/studies/recipes/first-run-rows.mjs SMS BANKING77 SST2 FOLDER\`; each run by \`tabtune fit --model public/starter --data FILE --out DIR --backend wasm --set evaluationsPerEpoch=0\`, with \`--preset classic\` or \`--set learningRate=1e-4 --set epochs=6\`. Evaluations within an epoch are off: they change no weights and do not select the best, and runs are shorter without them; losses were the same with them where compared. Machine: 2 cores, wasm, one thread; other programs ran at the same time, so the table gives processor time.`;
