// Runs of the studies under docs/: `tabtune fit` on the processor, and what it wrote.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Fine-tunes into a folder of `work`, unless that folder already holds the run.
 *
 * @param {string} work @param {string} name of the run, and of its folder
 * @param {string[]} files arguments that name the model and the data
 * @param {Record<string, string | number>} settings of the recipe
 */
export function fitOnce(work, name, files, settings) {
  const out = join(work, name);
  if (existsSync(join(out, "report.json"))) return;
  const set = Object.entries(settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  // A fixed preset instead of the automatic recipe, so that a study lists everything that it changes.
  const preset = files.includes("--preset") ? [] : ["--preset", "classic"];
  const args = [
    "scripts/program.mjs",
    "tabtune",
    "fit",
    ...files,
    ...preset,
    ...set,
    "--backend",
    "wasm",
    "--out",
    out,
  ];
  console.error(`\n${name}: ${args.slice(3).join(" ")}`);
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`The run ${name} failed.`);
}

/** Runs the command line on the processor and returns its standard output. @param {string[]} args @param {string} threads @returns {string} */
export function tabtune(args, threads) {
  const all = ["scripts/program.mjs", "tabtune", ...args, "--backend", "wasm", "--threads", threads];
  const { status, stdout } = spawnSync(process.execPath, all, {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${args.join(" ")} failed.`);
  return stdout;
}

/** The lines of a file of results; none where there is no file yet. @param {string} path @returns {any[]} */
export function linesOf(path) {
  return (existsSync(path) ? readFileSync(path, "utf8") : "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** The events in a run's metrics.jsonl, in order. @param {string} folder of the run */
export function eventsOf(folder) {
  return readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
