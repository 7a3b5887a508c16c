import { existsSync, mkdtempSync, rmSync, createWriteStream, appendFileSync, closeSync, openSync } from "node:fs";
import { writeFile, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { exportEntries, metricsJsonl, type ExportEntry } from "../export/entries.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { mcnemarOf, type McNemar } from "../metrics/mcnemar.ts";
import { Problem } from "../problem/problem.ts";
import type { Results } from "../run/results.ts";
import type { Run, ValidationRow } from "../run/run.ts";
import type { AnyReport } from "../tasks/task.ts";
import type { TrainEvent } from "../train/events.ts";
import type { RunFolder } from "./run-folder.ts";
import { isSystemError, systemReason } from "./system-problem.ts";

interface SaveOptions {
  /** Whether to write LoRA's matrices as a folder of their own too. */
  adapter: boolean;
  /** Texts of the validation rows. */
  rows: readonly ValidationRow[];
  /** Rows to be scored once by the weights that are written. */
  test?: EncodedDataset | null;
  /** Name of the data's file, for the model card. */
  dataName: string;
  /** Automatic fields of the recipe: their values and the reasons. */
  automatic: Record<string, { value: unknown; because: string }>;
  /** Whether to put an apostrophe before cells of predictions.csv that a spreadsheet would run as formulas. */
  neutralize: boolean;
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
export async function saveRun(run: Run, folder: RunFolder, options: SaveOptions): Promise<SavedRun> {
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

async function write(run: Run, at: (name: string) => string, options: SaveOptions): Promise<string[]> {
  const { adapter, rows, dataName, neutralize } = options;
  const complaints: string[] = [];
  for (const form of adapter ? (["merged", "adapter"] as const) : (["merged"] as const)) {
    const contents = {
      ...(await run.exportContents(weightsOf(run), "float32", rows, dataName, form)),
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
  const { weights, step, report } = results;
  const tested = options.test && (await run.scored(chosen, options.test));
  const filed = {
    labelNames,
    weights,
    step,
    ...run.task.filed(report),
    ...run.task.filedRows?.(results.truth, results.scores),
    ...(options.test &&
      tested && {
        test: { ...run.task.filed(tested.report), ...run.task.filedRows?.(options.test, tested.scores) },
      }),
    automatic: options.automatic,
    baseline: baseline && {
      trainRows: baseline.trainRows,
      l2: baseline.probe.l2,
      ...run.task.filed(baseline.report),
      ...(against && {
        against: { ...against, metric: against.metric.key, mcnemar: await baselineTest(run, results) },
      }),
    },
  };
  await writeFile(at("report.json"), `${JSON.stringify(filed, null, 1)}\n`);
  if (!existsSync(at("metrics.jsonl"))) complaints.push(...(await writeEvents(run, at("metrics.jsonl"))));
  return complaints;
}

/** McNemar's test of the baseline and these weights on the rows that both were scored on; null where no row is right or wrong. */
async function baselineTest(run: Run, own: Results): Promise<McNemar | null> {
  const { rightRows } = run.task;
  if (!rightRows || own.weights === "baseline") return null;
  const baseline = await run.results("baseline");
  const all = rightRows(own.truth, own.scores);
  const picked = baseline.places ? Array.from(baseline.places, (place) => all[place] ?? false) : all;
  return mcnemarOf(rightRows(baseline.truth, baseline.scores), picked);
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
const DISPENSABLE = ["README.md", "recipe.json", "predictions.csv", "metrics.jsonl"];

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

  write(event: TrainEvent): void {
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
