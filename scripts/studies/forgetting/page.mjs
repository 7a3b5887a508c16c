// The table and the curves of docs/forgetting.md, from the events of the study's runs.
import { markdownTable } from "../markdown-table.mjs";
import { eventsOf } from "../run.mjs";

/**
 * @typedef {{ step: number, accuracy: number, f1: number, loss: number }} Point
 * @typedef {{ words: string, color: string, dash: string, setting: string, earlier: Point[], fresh: Point[] }} Line
 */

const WIDTH = 860;
const HEIGHT = 400;
const PANEL = { top: 64, bottom: 56, left: 56, width: 340, gap: 72 };

/**
 * Scores of a run as points, without the baseline of the new task, which is scored on fewer rows.
 *
 * @param {string} folder of the run @param {"earlier" | "evaluation"} type @returns {Point[]}
 */
export function pointsOf(folder, type) {
  return eventsOf(folder)
    .filter((event) => event.type === type && (type === "earlier" || event.scope !== "baseline"))
    .map(({ step, report }) => ({ step, accuracy: report.accuracy, f1: report.macro.f1, loss: report.logLoss }));
}

/** Two panels: accuracy on the earlier task and on the new one, over the steps. @param {Line[]} lines */
export function curvesSvg(lines) {
  const steps = Math.max(...lines.flatMap(({ earlier }) => earlier.map(({ step }) => step)));
  const panels = [
    panel("Earlier task: spam or ham", 0, steps, lines, ({ earlier }) => earlier),
    panel("New task: bad or good", 1, steps, lines, ({ fresh }) => fresh),
  ];
  const legend = lines.map(
    ({ words, color, dash }, i) =>
      `<g transform="translate(${PANEL.left + i * 190} 20)"><line x2="26" y1="-4" y2="-4" stroke="${color}" stroke-width="2.5" stroke-dasharray="${dash}"/><text x="34">${words}</text></g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="14" fill="#222" role="img">`,
    "<title>Accuracy on the earlier and on the new task over the steps of the second training</title>",
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...legend,
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

/** @param {string} title @param {number} place @param {number} steps @param {Line[]} lines @param {(line: Line) => Point[]} of */
function panel(title, place, steps, lines, of) {
  const left = PANEL.left + place * (PANEL.width + PANEL.gap);
  const height = HEIGHT - PANEL.top - PANEL.bottom;
  const x = (/** @type {number} */ step) => (left + (step / steps) * PANEL.width).toFixed(1);
  // The axis begins a little below 50 %, the accuracy of guessing: both tasks have two classes of equal size.
  const y = (/** @type {number} */ value) => (PANEL.top + ((1 - value) / 0.6) * height).toFixed(1);
  const grid = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map(
    (value) =>
      `<line x1="${left}" x2="${left + PANEL.width}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/><text x="${left - 8}" y="${Number(y(value)) + 5}" text-anchor="end" fill="#555">${value * 100} %</text>`,
  );
  const ticks = [0, steps / 3, (2 * steps) / 3, steps].map(
    (step) =>
      `<text x="${x(step)}" y="${HEIGHT - PANEL.bottom + 20}" text-anchor="middle" fill="#555">${Math.round(step)}</text>`,
  );
  const drawn = lines.map((line) => {
    const points = of(line).map(({ step, accuracy }) => `${x(step)},${y(accuracy)}`);
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${line.color}" stroke-width="2.5" stroke-dasharray="${line.dash}" stroke-linejoin="round"/>`;
  });
  return [
    `<text x="${left}" y="${PANEL.top - 16}" font-weight="600">${title}</text>`,
    ...grid,
    ...ticks,
    `<text x="${left + PANEL.width / 2}" y="${HEIGHT - 12}" text-anchor="middle" fill="#555">steps of the new task</text>`,
    ...drawn,
  ].join("\n");
}

const percent = (/** @type {number} */ value) => `${(100 * value).toFixed(1)} %`;

/** The rows of the table. @param {Line[]} lines */
function tableOf(lines) {
  const rows = lines.map(({ words, setting, earlier, fresh }) => {
    const [before, after, own] = [earlier[0], earlier.at(-1), fresh.at(-1)];
    if (!before || !after || !own) throw new Error(`The run “${words}” has no evaluations.`);
    const lowest = Math.min(...earlier.map(({ accuracy }) => accuracy));
    return [
      words,
      setting,
      percent(before.accuracy),
      percent(after.accuracy),
      percent(lowest),
      `${before.loss.toFixed(3)} → ${after.loss.toFixed(3)}`,
      percent(own.accuracy),
    ];
  });
  const head = ["Against forgetting", "Recipe", "Earlier task before", "after", "lowest", "its loss", "New task after"];
  return markdownTable(head, rows);
}

/** docs/forgetting.md. @param {Line[]} lines @param {{ trainRows: number, heldRows: number }} sizes */
export function pageOf(lines, { trainRows, heldRows }) {
  return `# Against forgetting

A model that learns a second task forgets the first: nothing in the second task's loss preserves what the first task
needs. Tabtune measures this and has two remedies. Open a classifier that was fine-tuned before and add the rows of its
own task to those of the new task; the run then keeps the old classifier beside the new one, over the same encoder:

\`\`\`
npm run -s tabtune -- fit --model FIRST/model --data sst2.csv --earlier sms.csv --out SECOND \\
  --set ewc=1e6 --set rehearsal=0.25
\`\`\`

On the page, drop the rows in the Data card under “Earlier task”; the meter is one of the charts.

- **The forgetting meter** scores held-out rows of the earlier task (at most 256, under the earlier classifier) before the
  first step and at every evaluation: events of the type \`earlier\` in \`metrics.jsonl\`. \`--earlier-valid FILE\` names
  rows for it; else a stratified share of \`--earlier\` is held out and used for nothing else.
- **Elastic weight consolidation** (\`ewc\`, Kirkpatrick et al. 2017) adds λ/2 · Σ F (w − w*)² to the loss: it pulls each
  weight back to its initial value, more strongly if the earlier task needs it more. F is the diagonal of the Fisher
  information: the mean, over \`ewcRows\` rows, of the squared gradient of log p(label | row), one row at a time, without
  dropout, with labels drawn from the model's own prediction by the seed (the true Fisher information; the empirical one
  uses the labels of the data). It costs a pass over these rows and two tensors for each weight.
- **Rehearsal** (\`rehearsal\`) adds rows of the earlier task to every step: 0.25 with 16 rows per step is 4 earlier rows
  beside the 16 new ones, and the loss is the mean over all 20. The earlier classifier then trains too; without rehearsal it
  is frozen. It costs time in proportion to its share.

The exported folder holds only the new classifier.

## Results

Text messages first (spam or ham), then sentences of film reviews (SST-2, bad or good): the starter model
(all-MiniLM-L6-v2) was trained on ${trainRows} messages for 2 epochs, then on ${trainRows} sentences for 3, ${heldRows} rows of each held
out, equally many of each class, so that guessing gives 50 %. Rate 1e-4, 16 rows per step, warm-up 10 %, decay 0.01, at most
64 tokens, seed 42; everything else is Tabtune's default. One run each, on 2 cores of an AMD EPYC, wasm, one thread.

${tableOf(lines)}

![Accuracy on the earlier task and on the new one over the steps of the second training](forgetting.svg)

Without a remedy, the second training costs the earlier task eight points. EWC recovers more of them the stronger it is,
apparently at the expense of the new task; rehearsal preserves the earlier task at hardly any cost to the new one, but needs
its rows in every step. All methods lose accuracy at first, in the steps of the highest rate: EWC's penalty is 0 at the
initial weights and acts only on weights that have moved.

Made by \`node scripts/studies/forgetting/study.mjs SST2_FOLDER WORK_FOLDER\`, which takes the first rows of each class in the order
of the files. One seed and few rows: differences of a few points are chance (with ${heldRows} rows one standard error is up to
${Math.round((100 * 0.5) / Math.sqrt(heldRows))} points).
`;
}
