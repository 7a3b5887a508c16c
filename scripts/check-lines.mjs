// No file of our own over 400 lines, and half of them under 150.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const limit = 400;
const medianLimit = 150;
const extensions = /[.](ts|tsx|mjs|cjs|js|wgsl|css|as)$/;

/** Source files under a folder, with their number of lines. @param {string} folder @returns {{ path: string, lines: number }[]} */
export function countLines(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && extensions.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, lines: readFileSync(path, "utf8").split("\n").length - 1 };
    });
}

/** What breaks the limits, in sentences. @param {{ path: string, lines: number }[]} files @returns {string[]} */
export function lineComplaints(files) {
  if (files.length === 0) return ["No source file was found."];
  const complaints = files
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path} has ${lines} lines; the limit is ${limit}.`);
  const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (median >= medianLimit) complaints.push(`The median file has ${median} lines; it should be under ${medianLimit}.`);
  return complaints;
}

if (import.meta.filename === process.argv[1]) {
  const files = ["src", "test", "bench", "build", "scripts"].flatMap(countLines);
  const complaints = lineComplaints(files);
  for (const complaint of complaints) console.error(complaint);
  console.log(`${files.length} files looked at.`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}
