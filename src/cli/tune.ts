import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { TileSpeed } from "../gpu/device.ts";
import { isObject } from "../io/json-object.ts";
import { PRODUCTS } from "../ops/linear/tiles.ts";
import { tuneTiles, type TuningStore } from "../run/tune.ts";
import { startNodeBackend } from "./node-backend.ts";
import { print } from "./output.ts";

const usage = () => `npm run -s tabtune -- tune [--again]

Shows how fast this GPU multiplies matrices with each of Tabtune's tiles, in GFLOP/s, and measures it if that was not
done before; those called half are for mixed precision. A training on webgpu measures by itself. The results are kept in ${tuningPath()},
by adapter and version of Dawn.

  --again   measure again, e.g. after an update of the driver`;

/** `tabtune tune`. */
export async function tune(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { again: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return console.error(usage());
  const { adapter } = await startNodeBackend("webgpu");
  const speeds = await tuneTiles(fileTuningStore(tuningPath()), {
    again: values.again ?? false,
    engine: nodeEngine(),
    precision: "mixed",
  });
  const table = speeds.length > 0 ? tuningTable(speeds) : "No certain result. Training uses the standard tile.";
  await print(`${adapter}\n${table}\n`);
}

/** The version of Dawn in Node, which is that of the package. */
export function nodeEngine(): string {
  const manifest = join(dirname(createRequire(import.meta.url).resolve("webgpu")), "package.json");
  const parsed: unknown = JSON.parse(readFileSync(manifest, "utf8"));
  return `webgpu ${isObject(parsed) && typeof parsed["version"] === "string" ? parsed["version"] : "of unknown version"}`;
}

/** One line per tile; where two sizes were measured, the speed is that of the larger one. */
export function tuningTable(speeds: readonly TileSpeed[]): string {
  const tiles = [...new Set(speeds.map(({ tile }) => tile))];
  const cell = (tile: string, product: string) => {
    const gflops = speeds.find((speed) => speed.tile === tile && speed.product === product)?.gflops;
    return (gflops === undefined ? "–" : gflops.toPrecision(3)).padStart(8);
  };
  const width = Math.max(...tiles.map(({ length }) => length));
  const head = `${"".padEnd(width)}${["x·wᵀ", "dy·w", "dyᵀ·x"].map((name) => name.padStart(8)).join("")}`;
  const lines = tiles.map((tile) => tile.padEnd(width) + PRODUCTS.map((product) => cell(tile, product)).join(""));
  return [head, ...lines].join("\n");
}

/** The file with the measurements of all adapters, in the user's cache folder. */
export function tuningPath(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "tabtune", "tuning.json");
}

/** Keeps measurements in a JSON file; does nothing where it cannot be written. */
export function fileTuningStore(path: string): TuningStore {
  const all = async (): Promise<Record<string, unknown>> => {
    try {
      const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
      return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
    } catch {
      return {};
    }
  };
  return {
    read: async (key) => (await all())[key],
    async write(key, tuning) {
      const text = JSON.stringify({ ...(await all()), [key]: tuning }, null, 2);
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      } catch {
        // The only cost is that the next start measures again.
      }
    },
  };
}
