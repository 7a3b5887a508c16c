import { existsSync, mkdtempSync, rmSync, createWriteStream, appendFileSync, closeSync, openSync } from "node:fs";
import { writeFile, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { tableCells } from "../data/table-cells.ts";
import { exportEntries, metricsJsonl, type ExportEntry } from "../export/entries.ts";
import { reportHtml } from "../export/report/report-html.ts";
import { Problem } from "../problem/problem.ts";
import type { Run, HeldOutRow } from "../run/run.ts";
import { learningCurveText } from "../tasks/learning-curve.ts";
import { filedFigures } from "../tasks/intervals.ts";
import type { AnyReport } from "../tasks/task.ts";
import { writeDataMap } from "./data-map-file.ts";
import type { RunFolder } from "./run-folder.ts";
import { slicesOf, type SlicedTable } from "./slice-options.ts";
import { decidedBy, withThresholds, type AskedThresholds } from "./threshold-options.ts";
import { isSystemError, systemReason } from "./system-problem.ts";

interface SaveOptions {
  /** Whether to write LoRA's matrices as a folder of their own too. */
  adapter: boolean;
  /** Texts of the validation rows. */
  rows: readonly HeldOutRow[];
  /** Texts of the test rows, which are scored once by the weights that are written; null where there are none. */
  testRows?: readonly HeldOutRow[] | null;
  /** Where the validation rows come from, for their slices. */
  sliced: SlicedTable;
  /** Scores of fine-tuning with fewer rows; null where they were not asked for. */
  curve?: object | null;
  /** The cells of the training rows, for their data map. */
  cellsOf: ReturnType<typeof tableCells>;
  /** Name of the data's file, for the model card. */
  dataName: string;
  /** How the validation rows came about. */
  split: object;
  /** What augmentation added to the training rows, where it did. */
  augmentation?: object | undefined;
  /** Automatic fields of the recipe: their values and the reasons. */
  automatic: Record<string, { value: unknown; because: string }>;
  /** Whether to put an apostrophe before cells of predictions.csv that a spreadsheet would run as formulas. */
  neutralize: boolean;
  /** Thresholds to set, and costs to find some by on the validation rows; none where not given. */
  asked?: AskedThresholds;
}

interface SavedRun {
  step: number;
  report: AnyReport;
  /** Where it was written. */
  path: string;
  /** What could not be written and why, one sentence each. */
  complaints: string[];
}

/**
 * Writes the best weights of a run, its report and its events into its folder, or into a temporary folder where that
 * one cannot be written. Throws a Problem where there are no weights to write.
 */
export async function saveRun(run: Run, folder: RunFolder, given: SaveOptions): Promise<SavedRun> {
  const decision = await decide(run, given.asked);
  const options = { ...given, ...(decision && { decision }) };
  const { step, report } = await run.results(weightsOf(run));
  if (!Number.isFinite(run.task.loss.of(report))) throw noNumbers(step);
  try {
    const complaints = await write(run, (name) => folder.at(name), options);
    folder.commit();
    return { step, report, path: folder.path, complaints };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    folder.discard();
    const path = mkdtempSync(join(tmpdir(), "tabtune-rescued-"));
    try {
      const complaints = await write(run, (name) => join(path, name), options);
      const refused = `${folder.path} could not be written (${systemReason(error)}), so all is in ${path}.`;
      return { step, report, path, complaints: [refused, ...complaints] };
    } catch (second) {
      rmSync(path, { recursive: true, force: true });
      throw second;
    }
  }
}

/** The best weights; of a run without a step the baseline. */
const weightsOf = (run: Run) => (run.isTrained || !run.baseline ? "best" : "baseline");

/** Sets the thresholds that are asked for; what a report says of them, or null where none is. */
async function decide(run: Run, asked: AskedThresholds | undefined) {
  if (!asked) return null;
  const weights = weightsOf(run);
  const results = await run.results(weights);
  const task = withThresholds(run.taskOf(weights), run.labelNames, asked);
  const decided = decidedBy(task, run.labelNames, results, asked, results.decision?.temperature ?? 1);
  if (!decided) return null;
  await run.setThresholds(weights, decided.thresholds);
  return decided.filed;
}

interface WriteOptions extends SaveOptions {
  decision?: object;
}

async function write(run: Run, at: (name: string) => string, options: WriteOptions): Promise<string[]> {
  const { adapter, rows, testRows, dataName, neutralize } = options;
  const complaints: string[] = [];
  // Before the files, which say what it gave.
  const tested = testRows && (await run.testResults(weightsOf(run), 1));
  for (const form of adapter ? (["merged", "adapter"] as const) : (["merged"] as const)) {
    const contents = {
      ...(await run.exportContents(weightsOf(run), "float32", rows, dataName, form, testRows ?? [])),
      csv: { neutralize },
    };
    const name = form === "merged" ? "model" : "adapter";
    const missing = await writeFolder(at(name), exportEntries(contents));
    complaints.push(...missing.map((reason) => `${name}/${reason}.`));
  }
  const { labelNames, baseline, againstBaseline: against } = run;
  if (against?.better === "baseline") {
    const contents = await run.exportContents("baseline", "float32", rows, dataName);
    const missing = await writeFolder(at("baseline"), exportEntries({ ...contents, csv: { neutralize } }));
    complaints.push(...missing.map((reason) => `baseline/${reason}.`));
  }
  const chosen = weightsOf(run);
  const results = await run.results(chosen);
  const { weights, step } = results;
  const figuresOf = (scored: Parameters<typeof filedFigures>[1]) => filedFigures(run.task, scored, labelNames);
  const mapped = await writeDataMap(run, at("data-map.csv"), options);
  const filed = {
    labelNames,
    weights,
    step,
    ...figuresOf(results),
    ...(tested && { test: { ...figuresOf(tested), uses: tested.uses } }),
    slices: slicesOf(run.task, labelNames, { ...results, ...options.sliced }),
    ...(options.decision && { decision: options.decision }),
    ...setbacksOf(run),
    ...mapped,
    ...(options.curve && { learningCurve: options.curve }),
    split: options.split,
    ...(options.augmentation && { augmentation: options.augmentation }),
    automatic: options.automatic,
    baseline: baseline && {
      trainRows: baseline.trainRows,
      l2: baseline.probe.l2,
      ...figuresOf(await run.results("baseline")),
      ...learningCurveOf(run),
      ...(against && {
        against: { ...against, metric: against.metric.key, mcnemar: results.againstBaseline ?? null },
      }),
    },
  };
  await writeFile(at("report.json"), `${JSON.stringify(filed, null, 1)}\n`);
  const contents = await run.exportContents(chosen, "float32", rows, dataName);
  await writeFile(at("report.html"), reportHtml({ ...contents, slices: filed.slices }));
  if (!existsSync(at("metrics.jsonl"))) complaints.push(...(await writeEvents(run, at("metrics.jsonl"))));
  return complaints;
}

/** The baseline with fewer rows, and what follows from it. */
/** Steps that were skipped, and where the run went back; nothing where there was neither. */
function setbacksOf({ history }: Run) {
  const skippedSteps = history.flatMap((event) => (event.type === "step" && event.skipped ? [event.step] : []));
  const setbacks = history.flatMap((event) => (event.type === "setback" ? [event] : []));
  return {
    ...(skippedSteps.length > 0 && { skippedSteps }),
    ...(setbacks.length > 0 && { setbacks: setbacks.map(({ from, step, rate }) => ({ from, step, rate })) }),
  };
}

function learningCurveOf({ history, task }: Run) {
  const points = history.find((event) => event.type === "baseline")?.learningCurve;
  return points && { learningCurve: { points, says: learningCurveText(task, points) } };
}

/** Writes all events again, where they could not be written during the run. */
async function writeEvents(run: Run, path: string): Promise<string[]> {
  try {
    await writeFile(path, metricsJsonl(run.history));
    return [];
  } catch (error) {
    if (!isSystemError(error)) throw error;
    rmSync(path, { force: true });
    return [`metrics.jsonl: ${systemReason(error)}.`];
  }
}

function noNumbers(step: number): Problem {
  return new Problem({
    found: `The weights of step ${step} give no finite numbers.`,
    remedy: "Nothing was written. Lower the learning rate or raise the warm-up, then start again.",
  });
}

/** Files about the run; a model loads without them. */
const DISPENSABLE = ["README.md", "recipe.json", "predictions.csv", "test-predictions.csv", "metrics.jsonl"];

/**
 * Writes the files of an exported folder one after the other, so that no weight is kept in memory longer than needed.
 * What a model needs comes first: a full disk then costs only the rest. Returns what could not be written and why.
 */
export async function writeFolder(folder: string, entries: AsyncIterable<ExportEntry>): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const all = [];
  for await (const entry of entries) all.push(entry);
  const rank = ({ name }: ExportEntry) => DISPENSABLE.indexOf(name);
  const missing: string[] = [];
  for (const { name, input } of all.sort((a, b) => rank(a) - rank(b))) {
    const path = join(folder, name);
    try {
      if (typeof input === "string" || input instanceof Uint8Array) await writeFile(path, input);
      else await pipeline(Readable.from(input, { objectMode: true }), createWriteStream(path));
    } catch (error) {
      if (!isSystemError(error) || !DISPENSABLE.includes(name)) throw error;
      await rm(path, { force: true });
      missing.push(`${name}: ${systemReason(error)}`);
    }
  }
  return missing;
}

/** Writes the events of a run as they come, one per line. A disk that refuses them does not end the run. */
export class MetricsFile {
  private readonly file: number;
  /** The reason why the events could not be written, or null. */
  failure: string | null = null;

  /** Throws what the system reports where the file cannot be made. */
  constructor(readonly path: string) {
    this.file = openSync(path, "w");
  }

  write(event: object): void {
    if (this.failure !== null) return;
    const failure = this.attempt(() => appendFileSync(this.file, `${JSON.stringify(event)}\n`));
    if (failure !== null) console.error(`${this.path} cannot be written: ${failure}. The training goes on.`);
  }

  close(): void {
    this.attempt(() => closeSync(this.file));
  }

  private attempt(work: () => void): string | null {
    try {
      work();
    } catch (error) {
      this.failure ??= systemReason(error);
    }
    return this.failure;
  }
}
