// Makes the pictures of docs/handbook.md from real runs, into docs/figures:
//   node scripts/studies/handbook/figures.mjs SST2_FOLDER WORK_FOLDER
// Runs that are already in WORK_FOLDER are not repeated; all of them take about half an hour on two cores. The captions in
// the handbook are written by hand.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { confusionSvg, panelSvg } from "./panel.mjs";
import { makeRuns } from "./runs.mjs";
import { eventsOf } from "../run.mjs";

/**
 * @typedef {import("./panel.mjs").Point} Point
 * @typedef {{ type: string, step: number, scope?: string, loss: number, gradientNorm: number, learningRate: number,
 *   report: { logLoss: number, accuracy: number, macro: { f1: number }, classes: { f1: number }[], confusion: [number, number, number][] }
 * }} RunEvent
 */

const [sst2, work] = process.argv.slice(2);
if (!sst2 || !work) throw new Error("Usage: node scripts/studies/handbook/figures.mjs SST2_FOLDER WORK_FOLDER");
makeRuns(sst2, work);
mkdirSync("docs/figures", { recursive: true });

/** @param {string} run @param {string} kind @returns {RunEvent[]} */
const ofType = (run, kind) => eventsOf(join(String(work), run)).filter(({ type }) => type === kind);

/** @param {RunEvent[]} events @param {(event: RunEvent) => number} value @returns {Point[]} */
const along = (events, value) => events.map((event) => ({ x: event.step, y: value(event) }));
const steps = (/** @type {string} */ run) => ofType(run, "step");
/** Evaluations of all rows. @param {string} run */
const full = (run) => ofType(run, "evaluation").filter(({ scope }) => scope === "full");
/** All evaluations but the one before the start, which has fewer rows. @param {string} run */
const evaluations = (run) => ofType(run, "evaluation").filter(({ scope }) => scope !== "baseline");

/** A running mean of about ten steps, corrected for its start at 0. @param {Point[]} points */
function smoothed(points) {
  const decay = 0.9;
  let [sum, weight] = [0, 0];
  return points.map(({ x, y }) => {
    [sum, weight] = [decay * sum + (1 - decay) * y, decay * weight + (1 - decay)];
    return { x, y: sum / weight };
  });
}

/** A training loss: each step as a faint line, and the running mean, which the legend names. @param {string} run @param {"first" | "second"} hue @param {string} words */
function lossLines(run, hue, words) {
  const points = along(
    steps(run).filter(({ loss }) => Number.isFinite(loss)),
    ({ loss }) => loss,
  );
  return /** @type {import("./panel.mjs").Line[]} */ ([
    { hue, points, look: "faint" },
    { hue, points: smoothed(points), words },
  ]);
}

/** @param {string} name @param {string} svg */
const write = (name, svg) => writeFileSync(join("docs/figures", `${name}.svg`), svg);
const percent = (/** @type {number} */ value) => `${Math.round(100 * value)} %`;
/** @param {number} first @param {number} last @param {number} count @returns {number[]} */
const ticks = (first, last, count) =>
  Array.from({ length: count }, (_, i) => Number((first + (i * (last - first)) / (count - 1)).toPrecision(6)));
const byStep = (/** @type {string} */ run, count = 5) => {
  const last = steps(run).at(-1)?.step ?? 1;
  return { xName: "steps", xTicks: ticks(0, last, count) };
};
const guessing = { at: Math.log(2), words: "guessing, 0.69" };
const loss = (/** @type {RunEvent} */ { report }) => report.logLoss;
const accuracy = (/** @type {RunEvent} */ { report }) => report.accuracy;
const macroF1 = (/** @type {RunEvent} */ { report }) => report.macro.f1;
/** A mark at the step whose weights the run kept as the best. @param {string} run @param {"left" | "right"} [side] */
const best = (run, side = "right") => ({ at: ofType(run, "best").at(-1)?.step ?? 0, words: "best weights", side });

function overfitting() {
  const axis = byStep("overfitting");
  const all = full("overfitting");
  const turn = { at: all.reduce((a, b) => (loss(b) < loss(a) ? b : a)).step, words: "lowest" };
  write(
    "overfitting-loss",
    panelSvg({
      ...{ title: "Loss", ...axis, yTicks: ticks(0, 1.6, 5), levels: [guessing], moments: [turn] },
      lines: [
        ...lossLines("overfitting", "first", "training"),
        { hue: "second", points: along(all, loss), words: "validation", look: "marked" },
      ],
    }),
  );
  write(
    "overfitting-scores",
    panelSvg({
      ...{
        title: "Scores of the validation rows",
        ...axis,
        yTicks: ticks(0.5, 0.8, 4),
        yText: percent,
        moments: [best("overfitting")],
      },
      lines: [
        { hue: "first", points: along(all, accuracy), words: "accuracy", look: "marked" },
        { hue: "second", points: along(all, macroF1), words: "macro F1", look: "dashed" },
      ],
    }),
  );
}

function healthy() {
  const axis = byStep("healthy");
  const all = evaluations("healthy");
  const peak = steps("healthy").reduce((a, b) => (b.learningRate > a.learningRate ? b : a));
  const warmup = { at: peak.step, words: "end of the warm-up" };
  const scores = { ...axis, yTicks: ticks(0, 1, 5), yText: percent };
  write(
    "healthy-loss",
    panelSvg({
      ...{ title: "Loss", ...axis, yTicks: ticks(0, 0.8, 5), levels: [guessing], moments: [warmup] },
      lines: [
        ...lossLines("healthy", "first", "training"),
        { hue: "second", points: along(all, loss), words: "validation", look: "marked" },
      ],
    }),
  );
  write(
    "healthy-accuracy",
    panelSvg({
      ...{ title: "Accuracy", ...scores, low: true, moments: [best("healthy", "left")] },
      lines: [
        { hue: "first", points: along(all, accuracy), words: "accuracy", look: "marked" },
        { hue: "second", points: along(all, macroF1), words: "macro F1", look: "marked" },
      ],
    }),
  );
  write(
    "healthy-classes",
    panelSvg({
      ...{ title: "Class scores: F1", ...scores },
      lines: [
        { hue: "first", points: along(all, ({ report }) => report.classes[0]?.f1 ?? 0), words: "ham", look: "marked" },
        {
          hue: "second",
          points: along(all, ({ report }) => report.classes[1]?.f1 ?? 0),
          words: "spam",
          look: "marked",
        },
      ],
    }),
  );
  // The rate is drawn as a share of its peak, because the axis shows the gradient norm.
  const norms = along(steps("healthy"), ({ gradientNorm }) => gradientNorm);
  const highest = Math.ceil(Math.max(...norms.map(({ y }) => y)) / 4) * 4;
  write(
    "healthy-gradient",
    panelSvg({
      ...{ title: "Rate and gradient", ...axis, yTicks: ticks(0, highest, 5) },
      lines: [
        { hue: "first", points: norms, words: "gradient norm" },
        {
          ...{ hue: "second", words: `rate, peak ${peak.learningRate.toExponential()}` },
          points: along(steps("healthy"), ({ learningRate }) => (learningRate / peak.learningRate) * highest),
        },
      ],
    }),
  );
}

function lost() {
  const axis = byStep("lost");
  write(
    "lost-loss",
    panelSvg({
      ...{ title: "Training loss", ...axis, yTicks: ticks(0.3, 0.9, 5), levels: [guessing] },
      lines: [...lossLines("good", "first", "5e-5, warm-up"), ...lossLines("lost", "second", "1e-3, none")],
    }),
  );
  const norm = (/** @type {string} */ run) => along(steps(run), ({ gradientNorm }) => Math.max(gradientNorm, 1e-3));
  write(
    "lost-gradient",
    panelSvg({
      ...{ title: "Gradient norm", ...axis, yTicks: [0.01, 0.1, 1, 10], log: true },
      lines: [
        { hue: "first", points: norm("good"), words: "5e-5, warm-up" },
        { hue: "second", points: norm("lost"), words: "1e-3, none" },
      ],
    }),
  );
  // Two classes, row-major.
  const confusion = (/** @type {string} */ run) => {
    const counts = [0, 0, 0, 0];
    for (const [truth, predicted, rows] of full(run).at(-1)?.report.confusion ?? [])
      counts[2 * truth + predicted] = rows;
    return counts;
  };
  write("lost-confusion-good", confusionSvg("5e-5 with a warm-up", ["bad", "good"], confusion("good")));
  write("lost-confusion-lost", confusionSvg("1e-3 without", ["bad", "good"], confusion("lost")));
}

function forgetting() {
  const axis = byStep("nothing", 4);
  const scores = { ...axis, yTicks: ticks(0.4, 1, 4), yText: percent };
  const lines = (/** @type {(run: string) => Point[]} */ of) =>
    /** @type {import("./panel.mjs").Line[]} */ ([
      { hue: "second", points: of("nothing"), words: "plain", look: "marked" },
      { hue: "first", points: of("decay-l2sp"), words: "decay and L2-SP", look: "marked" },
      { hue: "third", points: of("rehearsal"), words: "rehearsal", look: "marked" },
    ]);
  const earlier = (/** @type {string} */ run) => along(ofType(run, "earlier"), accuracy);
  const fresh = (/** @type {string} */ run) => along(evaluations(run), accuracy);
  write("forgetting-earlier", panelSvg({ title: "Earlier task, accuracy", ...scores, lines: lines(earlier) }));
  write("forgetting-new", panelSvg({ title: "New task, accuracy", ...scores, lines: lines(fresh) }));
}

overfitting();
healthy();
lost();
forgetting();
