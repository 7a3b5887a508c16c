import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExportEntry } from "../export/entries.ts";

/** Writes the files of an exported folder, each as it comes: no weight stands in memory longer than its turn. */
export async function writeFolder(folder: string, entries: AsyncIterable<ExportEntry>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for await (const { name, input } of entries) {
    const path = join(folder, name);
    if (typeof input === "string" || input instanceof Uint8Array) await writeFile(path, input);
    else await pipeline(Readable.from(input, { objectMode: true }), createWriteStream(path));
  }
}
