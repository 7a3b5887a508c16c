import { parseArgs } from "node:util";
import { PRODUCTS } from "../ops/linear/product.ts";
import type { TileSpeed } from "../ops/linear/tile-speeds.ts";
import { tuneTiles } from "../run/tune.ts";
import { startNodeBackend } from "./node-backend.ts";
import { print } from "./print.ts";
import { fileTuningStore, tuningPath } from "./tuning-store.ts";

const usage = () => `npm run -s tabtune -- tune [--again]

Shows how fast this GPU multiplies matrices in each of Tabtune's ways, in GFLOP/s, and measures it where that was not
done yet. A training on webgpu does it by itself; what was measured is kept in ${tuningPath()}.

  --again   measure anew, e.g. after a new driver`;

/** `tabtune tune`. */
export async function tune(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { again: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return console.error(usage());
  const { adapter } = await startNodeBackend("webgpu");
  const speeds = await tuneTiles(fileTuningStore(tuningPath()), { again: values.again ?? false });
  await print(`${adapter}\n${tuningTable(speeds)}\n`);
}

/** One line a tile; of two sizes the larger one's speed. */
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
