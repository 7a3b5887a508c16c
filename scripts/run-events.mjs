import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a run wrote into its metrics.jsonl, in order. @param {string} folder of the run */
export function eventsOf(folder) {
  return readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
