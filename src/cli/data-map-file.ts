import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { tableCells } from "../data/table-cells.ts";
import { dataMapCsv, regionCounts } from "../insight/data-map-lines.ts";
import { regionNames } from "../insight/data-map.ts";
import type { Run } from "../run/run.ts";

/** Writes lines as a file. */
export async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), createWriteStream(path));
}

/**
 * Writes the data map of a run's training rows, where it has one, and says on standard error what is in it; returns what
 * report.json says of it.
 *
 * @param cellsOf of the training rows
 */
export async function writeDataMap(
  run: Run,
  path: string,
  { cellsOf, neutralize }: { cellsOf: ReturnType<typeof tableCells>; neutralize: boolean },
): Promise<object> {
  if (!run.wantsDataMap) return {};
  const map = run.dataMap;
  if (!map) {
    console.error("note: There is no data map: it needs at least 2 complete epochs.");
    return {};
  }
  await writeLines(path, dataMapCsv(map, cellsOf, { neutralize }));
  const counts = regionCounts(map);
  const said = regionNames.map((region) => `${counts[region]} ${region}`).join(", ");
  console.error(`data map of ${map.labels.length} training rows over ${map.epochs} epochs: ${said}; in data-map.csv`);
  return { dataMap: { epochs: map.epochs, ...counts } };
}
