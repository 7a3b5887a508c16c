// Holds the peak memory of reading: `tabtune inspect` on one table of 200 MB, on a file of each container that unpacks to
// far more than a table has, and on zips of checkpoints that do. At most 300 MB + 3 times the decoded table (none of a file that is refused).
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import {
  lyingBomb,
  manyConfigsBomb,
  tokenizerBomb,
  gzipBomb,
  largeTable,
  parquetBomb,
  sharedTextBomb,
  xlsxBomb,
  zipBomb,
} from "./test/oversized-files.mjs";

const root = dirname(import.meta.dirname);
const BASE = 300_000_000;
/** The exit code of a refusal. */
const REFUSED = 2;

/**
 * @typedef {{ name: string, code: number | null, peak: number, decoded: number, isTable: boolean }} Reading
 * `peak` and `decoded` in bytes; `isTable` where the file is a table to be read
 */

/** The fault of a reading, or null. @param {Reading} reading @returns {string | null} */
export function complaint({ name, code, peak, decoded, isTable }) {
  if (code !== (isTable ? 0 : REFUSED)) return `${name}: exit code ${code}`;
  const limit = BASE + 3 * (isTable ? decoded : 0);
  return peak > 0 && peak <= limit ? null : `${name}: ${megabytes(peak)} at the peak; the limit is ${megabytes(limit)}`;
}

const megabytes = (bytes = 0) => `${Math.round(bytes / 1e6)} MB`;

/**
 * Runs `inspect` in a process of its own.
 *
 * @param {string} name @param {string} path @param {boolean} isTable @param {string[]} data options that name the file
 * @returns {Reading}
 */
function read(name, path, isTable, data = ["--data", path]) {
  const command = [
    "--import",
    join(root, "scripts/test/peak-memory.mjs"),
    join(root, "dist/cli/tabtune/program.js"),
    "inspect",
    ...data,
  ];
  const child = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    timeout: 600_000,
  });
  const peak = Number(/peak memory: (\d+)/.exec(child.stderr)?.[1] ?? 0);
  const reading = { name, code: child.status, peak, decoded: statSync(path).size, isTable };
  console.log(
    `${name}: ${megabytes(peak)} at the peak, file of ${megabytes(reading.decoded)}, exit code ${child.status}`,
  );
  return reading;
}

if (import.meta.filename === process.argv[1]) {
  // Builds the program where it is older than its sources.
  spawnSync(process.execPath, ["scripts/program.mjs", "tabtune", "inspect", "--help"], { cwd: root });
  const folder = mkdtempSync(join(tmpdir(), "tabtune-memory-"));
  try {
    const small = join(folder, "small.csv");
    writeFileSync(small, "text,label\na good film,pos\na bad film,neg\na fine film,pos\na dull film,neg\n");
    const checkpoint = (/** @type {string} */ path) =>
      read(basename(path), path, false, ["--data", small, "--model", path]);
    const readings = [
      read("table of 200 MB", await largeTable(folder), true),
      read("gzip bomb", await gzipBomb(folder), false),
      read("zip bomb", await zipBomb(folder), false),
      read("workbook bomb", await xlsxBomb(folder), false),
      read("workbook of one text", await sharedTextBomb(folder), false),
      read("Parquet bomb", parquetBomb(folder), false),
      checkpoint(await tokenizerBomb(folder)),
      checkpoint(await lyingBomb(folder)),
      checkpoint(await manyConfigsBomb(folder)),
    ];
    const found = readings.map(complaint).filter((line) => line !== null);
    for (const line of found) console.error(line);
    process.exitCode = found.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
