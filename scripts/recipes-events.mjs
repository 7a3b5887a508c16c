// A run's metrics.jsonl, as scripts/recipes-results.mjs keeps it.
import { eventsOf } from "./run-events.mjs";

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
 * What is kept of a run, but for processor time and PyTorch.
 *
 * @param {{ accuracy: number, macro: { f1: number } }} report @param {string} folder of the run
 */
export function resultOf(report, folder) {
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

/** What is kept of the run over all of SST-2's training sentences. @param {string} folder of the run */
export function fullOf(folder) {
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
