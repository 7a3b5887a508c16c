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
 * Scores of a run as points; the baseline of the new task is left out, as it is made on fewer rows.
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
  // From chance to certainty: both tasks have two classes in equal numbers.
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

A model that learns a second task forgets the first: nothing in the second task's loss asks it to keep what the first
one needs. Tabtune measures this, and has two remedies. Drop in a classifier that was fine-tuned before, give the rows of
its own task beside those of the new one, and the run keeps the old classifier beside the new one, over the same encoder:

\`\`\`
npm run -s tabtune -- fit --model FIRST/model --data sst2.csv --earlier sms.csv --out SECOND \\
  --set ewc=1e6 --set rehearsal=0.25
\`\`\`

On the page the rows go into the Data card, under “Earlier task”, and the meter is a chart beside the others.

- **The forgetting meter** scores held-out rows of the earlier task (at most 256, under the earlier classifier) before the
  first step and at every evaluation: events of the type \`earlier\` in \`metrics.jsonl\`. \`--earlier-valid FILE\` names
  rows for it; else a stratified share of \`--earlier\` is held out and used for nothing else.
- **Elastic weight consolidation** (\`ewc\`, Kirkpatrick et al. 2017) adds λ/2 · Σ F (w − w*)² to the loss: each weight is
  held to where it began, the harder the more the earlier task needs it. F is the diagonal of the Fisher information: the
  mean, over \`ewcRows\` rows, of the squared gradient of log p(label | row), a row at a time, without dropout, with labels
  drawn from the model's own prediction by the seed (the true Fisher information, not the empirical one, whose labels are
  the data's). It costs a pass over these rows and two tensors for each weight.
- **Rehearsal** (\`rehearsal\`) puts rows of the earlier task into every step: 0.25 with 16 rows per step is 4 earlier rows
  beside the 16 new ones, and the loss is the mean over all 20. The earlier classifier trains along; without rehearsal it is
  frozen. It costs time by its share.

The exported folder holds the new classifier alone.

## What they do

Text messages first (spam or ham), then sentences of film reviews (SST-2, bad or good): the starter model
(all-MiniLM-L6-v2) was trained on ${trainRows} messages for 2 epochs, then on ${trainRows} sentences for 3, ${heldRows} rows of each held
out, as many of each class, so that guessing gives 50 %. Rate 1e-4, 16 rows per step, warm-up 10 %, decay 0.01, at most
64 tokens, seed 42; everything else is Tabtune's default. One run each, on 2 cores of an AMD EPYC, wasm, one thread.

${tableOf(lines)}

![Accuracy on the earlier task and on the new one over the steps of the second training](forgetting.svg)

Left alone, the second training costs the earlier task eight points. EWC gives back the more of them the stronger it is,
and the new task seems to pay for it; rehearsal keeps the earlier task whole at hardly any cost to the new one, but needs
its rows in every step. All lose at first, in the steps of the highest rate: EWC's penalty is 0 where the weights begin, and
pulls only at what has moved.

Made by \`node scripts/studies/forgetting/study.mjs SST2_FOLDER WORK_FOLDER\`, which takes the first rows of each class in the order
of the files. One seed and few rows: differences of a few points are chance (with ${heldRows} rows one standard error is up to
${Math.round((100 * 0.5) / Math.sqrt(heldRows))} points).
`;
}
