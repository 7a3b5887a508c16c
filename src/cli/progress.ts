import { precisionText, setbackText } from "../recipe/wording.ts";
import { learningCurveText } from "../tasks/learning-curve.ts";
import { taskNamed } from "../tasks/registry.ts";
import { type AnyReport, leadingMetrics, type Task } from "../tasks/task.ts";
import type { TrainEvent } from "../train/events.ts";

const SHOW_EVERY_MS = 2000;

/** How an evaluation is called; the one before the first step is not the baseline, which is another model. */
const nameOf = { baseline: "first", sample: "sample", full: "full" } as const;

/** Prints now and then how far the preparation of a run is, e.g. "compiling shaders 12 of 48"; nothing where it is quick. */
export function preparationLine(): (what: string, done: number, total: number) => void {
  let shownAt = performance.now();
  return (what, done, total) => {
    if (performance.now() - shownAt < SHOW_EVERY_MS) return;
    shownAt = performance.now();
    console.error(`${what.toLowerCase()} ${done} of ${total}`);
  };
}

/** Prints events as lines on standard error: steps now and then, evaluations always. */
export function progressLine(): (event: TrainEvent) => void {
  let task = taskNamed(undefined);
  let steps = 0;
  let shownAt = -Infinity;
  let pretrainShownAt = -Infinity;
  let probeShownAt = performance.now();
  let mapShownAt = performance.now();
  let measured = 0;
  return (event) => {
    if (event.type === "plan") {
      task = taskNamed(event.task);
      steps = event.steps;
      const { trainRows, trainWindows, validationRows, stepsPerEpoch } = event;
      const windows = trainWindows === undefined ? "" : ` in ${trainWindows} windows`;
      const length = steps === 0 ? "no steps: the baseline alone" : `${steps} steps, ${stepsPerEpoch} per epoch`;
      console.error(`${trainRows} rows to train on${windows}, ${validationRows} held out; ${length}`);
      if (event.budget !== undefined) console.error(`as many steps as fit into ${event.budget} minutes here`);
      if (event.mixedAs) console.error(`steps in ${precisionText(event.mixedAs)}`);
    }
    if (event.type === "setback") console.error(`warning: ${setbackText(event)}`);
    if (event.type === "probe" && performance.now() - probeShownAt > SHOW_EVERY_MS) {
      probeShownAt = performance.now();
      const whose = event.of === "baseline" ? "baseline" : "start of the head";
      const amount = `${event.done} of ${event.total}`;
      console.error(`${whose}: ${event.what === "fit" ? `fit ${amount}` : `vectors of ${amount} rows`}`);
    }
    if (event.type === "baseline") {
      const { trainRows, report, wallMs } = event;
      const scores = scoresText(taskNamed(event.task), report);
      const fitted = `a linear model on the frozen encoder's vectors of ${trainRows} rows, ${(wallMs / 1000).toFixed(1)} s`;
      console.error(`baseline: ${scores}  (${report.rows} rows; ${fitted})`);
      const says = learningCurveText(taskNamed(event.task), event.learningCurve ?? []);
      if (says !== null) console.error(`  ${says}`);
    }
    if (event.type === "features" && (event.wallMs - shownAt > SHOW_EVERY_MS || event.done === event.total)) {
      shownAt = event.wallMs;
      console.error(`frozen encoder: ${event.done} of ${event.total} rows, once for the whole run`);
    }
    if (event.type === "step" && (event.wallMs - shownAt > SHOW_EVERY_MS || event.step === steps)) {
      shownAt = event.wallMs;
      const left = (event.trainingMs / event.step) * (steps - event.step);
      const loss = event.loss.toFixed(4);
      console.error(`step ${event.step}/${steps}  loss ${loss}  about ${Math.ceil(left / 1000)} s of training left`);
    }
    if (
      event.type === "pretrainStep" &&
      (event.wallMs - pretrainShownAt > SHOW_EVERY_MS || event.step === event.steps)
    ) {
      pretrainShownAt = event.wallMs;
      console.error(`pretraining step ${event.step}/${event.steps}  loss ${event.loss.toFixed(4)}`);
    }
    if (event.type === "pretrainEvaluation") {
      const { rows } = taskNamed(event.task);
      const scores = scoresText(taskNamed(event.task), event.report);
      console.error(`pretraining evaluation at step ${event.step}: ${scores}  (${event.report.rows} held-out ${rows})`);
    }
    if (event.type === "evaluation") {
      const scores = scoresText(task, event.report);
      console.error(`${nameOf[event.scope]} evaluation at step ${event.step}: ${scores}  (${event.report.rows} rows)`);
    }
    if (event.type === "consolidation" && (event.done === event.rows || event.done >= measured + event.rows / 4)) {
      measured = event.done;
      console.error(`importance of the weights to the earlier task: ${event.done} of ${event.rows} rows`);
    }
    if (event.type === "dataMap" && (event.done === event.total || performance.now() - mapShownAt > SHOW_EVERY_MS)) {
      mapShownAt = performance.now();
      console.error(`data map after epoch ${event.epoch}: ${event.done} of ${event.total} training rows scored`);
    }
    if (event.type === "earlier") {
      const earlier = taskNamed(event.task);
      const scores = scoresText(earlier, event.report);
      console.error(`earlier task at step ${event.step}: ${scores}  (${event.report.rows} ${earlier.rows})`);
    }
    if (event.type === "end")
      console.error(
        `${event.reason === "early" ? "stopped early" : event.reason} after ${event.step} steps, ${(event.wallMs / 1000).toFixed(1)} s`,
      );
  };
}

/** "accuracy 0.9400  macro F1 0.9150  loss 0.2100" */
function scoresText(task: Task, report: AnyReport): string {
  const leading = leadingMetrics(task);
  const { loss } = task;
  const shown = leading.includes(loss) ? leading : [...leading, { ...loss, name: "loss" }];
  return shown.map(({ name, decimals = 4, of }) => `${name} ${of(report).toFixed(decimals)}`).join("  ");
}
