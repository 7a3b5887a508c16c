import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TrainEvent } from "../../../src/train/events.ts";
import { ROWS_OF_EACH, type ClassesFiles } from "./files.ts";

/** A whole `fit` of so many classes. */
export interface ClassesRun {
  classes: number;
  rows: number;
  seconds: number;
  evaluations: number;
  /** Rows of a full evaluation, and milliseconds of the fastest one. */
  evaluatedRows: number;
  evaluationMs: number;
  /** Most main memory of the process, in bytes. */
  peakBytes: number;
  /** Bytes of the files that it wrote. */
  files: Record<string, number>;
}

const WRITTEN = [
  "metrics.jsonl",
  "report.json",
  "model/predictions.csv",
  "model/config.json",
  "model/README.md",
  "model/model.safetensors",
];

/** Fine-tunes on wasm by the command line, in a process of its own. */
export function fitClasses(files: ClassesFiles, classes: number, out: string): ClassesRun {
  const paths = ["--model", files.model, "--data", files.data, "--recipe", files.recipe, "--out", out];
  // Built before, where it is not: the build takes more memory than the run.
  spawnSync(process.execPath, ["scripts/program.mjs", "tabtune", "--help"]);
  const start = performance.now();
  const run = spawnSync(process.execPath, ["scripts/program.mjs", "tabtune", "fit", ...paths, "--backend", "wasm"], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: `--import ${join(process.cwd(), "scripts/test/peak-memory.mjs")}` },
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - start) / 1000;
  if (run.status !== 0) throw new Error(`fit failed with ${run.status}: ${run.stderr.slice(-2000)}`);
  const peaks = [...run.stderr.matchAll(/peak memory: (\d+)/g)].map(([, bytes]) => Number(bytes));
  const lines = readFileSync(join(out, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line) as TrainEvent);
  return {
    classes,
    rows: classes * ROWS_OF_EACH,
    seconds,
    ...evaluationsOf(events),
    peakBytes: Math.max(...peaks),
    files: Object.fromEntries(WRITTEN.map((name) => [name, statSync(join(out, name)).size])),
  };
}

/** The time from the last step before a full evaluation to its end; the clocks of events stop only in pauses. */
function evaluationsOf(events: readonly TrainEvent[]) {
  let [evaluations, evaluatedRows, evaluationMs, stepEnd] = [0, 0, Infinity, 0];
  for (const event of events) {
    if (event.type === "step") stepEnd = event.wallMs;
    if (event.type !== "evaluation") continue;
    evaluations++;
    if (event.scope !== "full") continue;
    evaluatedRows = event.report.rows;
    evaluationMs = Math.min(evaluationMs, event.wallMs - stepEnd);
  }
  return { evaluations, evaluatedRows, evaluationMs };
}
