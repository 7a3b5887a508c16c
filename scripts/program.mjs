// Runs one of the programs for Node, building it first when a source is newer than the build:
//   node scripts/program.mjs tabtune fit --model …
// Standard output belongs to the program alone; what the build says goes to standard error.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {Record<string, string>} */
const entries = { tabtune: "src/cli/main.ts", parity: "src/cli/parity.ts", bench: "bench/main.ts" };

/** Time of the newest change in a file or folder. @param {string} path @returns {number} */
function newestChange(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** @param {string} entry @param {string} built */
function isStale(entry, built) {
  if (!existsSync(built)) return true;
  const sources = ["src", dirname(entry), "vite.program.config.ts", "package-lock.json"];
  return Math.max(...sources.map((source) => newestChange(join(root, source)))) > statSync(built).mtimeMs;
}

/** @param {string} entry @param {string} folder */
function build(entry, folder) {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const options = ["build", "--config", "vite.program.config.ts", "--ssr", entry, "--outDir", folder];
  const result = spawnSync(process.execPath, [vite, ...options, "--logLevel", "warn"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status === 0) return;
  // A half-written build must not pass for a fresh one at the next call.
  rmSync(join(root, folder), { recursive: true, force: true });
  console.error(`Building ${entry} failed.`);
  process.exit(2);
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
if (isStale(entry, built)) build(entry, folder);
process.argv.splice(1, 2, built);
await import(pathToFileURL(built).href);
