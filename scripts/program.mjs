// Runs one of the programs for Node, building it first when a source is newer than the build:
//   node scripts/program.mjs tabtune fit --model …
// Standard output belongs to the program alone; what the build says goes to standard error.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, utimesSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findVulkan } from "./machine/vulkan.mjs";
import { isStale } from "./stale-program.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {Record<string, string>} */
const entries = { tabtune: "src/cli/main.ts", parity: "src/cli/parity/main.ts", bench: "bench/main.ts" };

/**
 * Builds into a folder of this process and puts it into place when it is whole, so that neither a failed build nor two
 * builds at once leave a broken one behind.
 *
 * @param {string} entry @param {string} folder
 */
function build(entry, folder) {
  const started = new Date();
  const unfinished = `${folder}.${process.pid}`;
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const options = ["build", "--config", "build/program.config.ts", "--ssr", entry, "--outDir", unfinished];
  const result = spawnSync(process.execPath, [vite, ...options, "--logLevel", "warn"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) {
    rmSync(join(root, unfinished), { recursive: true, force: true });
    console.error(`Building ${entry} failed.`);
    process.exit(2);
  }
  // A source that changed while the build ran is newer than the build.
  utimesSync(join(root, unfinished, "program.js"), started, started);
  rmSync(join(root, folder), { recursive: true, force: true });
  renameSync(join(root, unfinished), join(root, folder));
}

/**
 * The shell and the npm that run this program, or none. They may end without passing on the signal that ended them, so
 * the program watches them.
 *
 * @returns {number[]}
 */
function runners() {
  if (!process.env.npm_lifecycle_event || process.platform === "win32") return [];
  try {
    const [, command = "", parent = ""] =
      /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${process.ppid}/stat`, "utf8")) ?? [];
    return command.startsWith("npm") ? [process.ppid] : [process.ppid, Number(parent)];
  } catch {
    return [process.ppid];
  }
}

const name = process.argv[2] ?? "";
const entry = entries[name];
if (!entry) {
  console.error(`Unknown program "${name}". Programs: ${Object.keys(entries).join(", ")}.`);
  process.exit(2);
}
if (!existsSync(join(root, "node_modules/vite"))) {
  console.error("The dependencies are not installed. Run: npm ci --ignore-scripts");
  process.exit(2);
}
const folder = `dist/cli/${name}`;
const built = join(root, folder, "program.js");
if (isStale(root, entry, folder)) build(entry, folder);
process.env.TABTUNE_RUNNERS = runners().join(",");
const added = findVulkan() ?? {};
if (Object.keys(added).length === 0) {
  process.argv.splice(1, 2, built);
  await import(pathToFileURL(built).href);
} else {
  // The loader's path is read when a process starts, so the program gets one of its own.
  const options = { stdio: /** @type {const} */ ("inherit"), env: { ...process.env, ...added } };
  const child = spawn(process.execPath, [...process.execArgv, built, ...process.argv.slice(3)], options);
  // The program ends in its own way, and this process with it.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`The program did not start: ${error.message}`);
    process.exit(2);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));
}
