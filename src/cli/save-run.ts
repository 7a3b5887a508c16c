import type { AnyReport } from "../tasks/task.ts";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportEntries } from "../export/entries.ts";
import { metricsJsonl } from "../export/metrics-jsonl.ts";
import { Problem } from "../problem/problem.ts";
import type { Run, ValidationRow } from "../run/run.ts";
import type { RunFolder } from "./run-folder.ts";
import { isSystemError, systemReason } from "./system-problem.ts";
import { writeFolder } from "./write-folder.ts";

interface SaveOptions {
  /** Also write LoRA's matrices alone. */
  adapter: boolean;
  /** Texts of the validation rows. */
  rows: readonly ValidationRow[];
  /** Name of the data's file, for the model card. */
  dataName: string;
  /** Put an apostrophe before cells of predictions.csv that a spreadsheet program would run. */
  neutralize: boolean;
}

interface SavedRun {
  step: number;
  report: AnyReport;
  /** Where it was written. */
  path: string;
  /** What could not be written, with why; a sentence each. */
  complaints: string[];
}

/**
 * Writes the best weights of a run, its report and its events into its folder; where that cannot be written, into a
 * folder for temporary files. Throws a Problem where there are no weights to write.
 */
export async function saveRun(run: Run, folder: RunFolder, options: SaveOptions): Promise<SavedRun> {
  const { step, report } = await run.results("best");
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

async function write(run: Run, at: (name: string) => string, options: SaveOptions): Promise<string[]> {
  const { adapter, rows, dataName, neutralize } = options;
  const complaints: string[] = [];
  for (const form of adapter ? (["merged", "adapter"] as const) : (["merged"] as const)) {
    const contents = { ...(await run.exportContents("best", "float32", rows, dataName, form)), csv: { neutralize } };
    const name = form === "merged" ? "model" : "adapter";
    const missing = await writeFolder(at(name), exportEntries(contents));
    complaints.push(...missing.map((reason) => `${name}/${reason}.`));
  }
  const { labelNames } = run;
  const { weights, step, report } = await run.results("best");
  await writeFile(
    at("report.json"),
    `${JSON.stringify({ labelNames, weights, step, ...run.task.filed(report) }, null, 1)}\n`,
  );
  if (!existsSync(at("metrics.jsonl"))) complaints.push(...(await writeEvents(run, at("metrics.jsonl"))));
  return complaints;
}

/** The events once more, where they could not be written as they came. */
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
    expected: "Weights that can be used were expected.",
    remedy: "Nothing was written. Lower the learning rate or raise the warm-up, then start again.",
  });
}
