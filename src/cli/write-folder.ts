import { createWriteStream } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExportEntry } from "../export/entries.ts";
import { isSystemError, systemReason } from "./system-problem.ts";

/** Files that tell of the run; a model loads without them. */
const DISPENSABLE = ["README.md", "recipe.json", "predictions.csv", "metrics.jsonl"];

/**
 * Writes the files of an exported folder, each as it comes: no weight stands in memory longer than its turn. What a
 * model needs is written first, so that a full disk costs the rest alone. Returns what could not be written, with why.
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
