import type { Recorder, TileSpeed } from "../../gpu/device.ts";
import { canCompute, DIRECT, TILES, type Product, type ProductSizes, type Tile } from "./tiles.ts";

/** True where the device can compile the tile. */
export function isUsable(gpu: Recorder, { feature }: Tile): boolean {
  return feature === undefined || gpu.hasFeature(feature);
}

/** The tile for a product of these sizes: the fastest one measured, or what such adapters usually do best with. */
export function chosenTile(gpu: Recorder, product: Product, sizes: ProductSizes): Tile {
  return fastestTile(gpu.tileSpeeds, product, sizes) ?? unmeasuredTile(gpu, product, sizes);
}

/** Quads of threads on software adapters, workgroup memory on GPUs. */
function unmeasuredTile(gpu: Recorder, product: Product, sizes: ProductSizes): Tile {
  const wanted = gpu.kernels === "software" ? "quad" : "shared";
  const usual = (tile: Tile) => tile.name.startsWith(wanted) && isUsable(gpu, tile) && canCompute(tile, product, sizes);
  return TILES.find(usual) ?? DIRECT;
}

/** Outputs from which on a product is "large": 48 workgroups of 64 × 64. */
const LARGE_FROM = 48 * 64 * 64;

function sizeClassOf(rows: number, columns: number): TileSpeed["size"] {
  return rows * columns < LARGE_FROM ? "small" : "large";
}

/** Outputs that a tile computes for a product of this size, with those past its edges. */
export function outputsOf({ rows: high, columns: wide }: Tile, rows: number, columns: number): number {
  return Math.ceil(rows / high) * high * Math.ceil(columns / wide) * wide;
}

/** The tile that would compute this product first, by measured speeds; null where none that can was measured. */
export function fastestTile(speeds: readonly TileSpeed[], product: Product, sizes: ProductSizes): Tile | null {
  const { rows, columns } = sizes;
  const size = sizeClassOf(rows, columns);
  let fastest: Tile | null = null;
  let least = Infinity;
  for (const tile of TILES) {
    if (!canCompute(tile, product, sizes)) continue;
    const measured = (wanted: TileSpeed["size"]) =>
      speeds.find((speed) => speed.tile === tile.name && speed.product === product && speed.size === wanted);
    const speed = measured(size) ?? measured(size === "large" ? "small" : "large");
    if (!speed) continue;
    const cost = outputsOf(tile, rows, columns) / speed.gflops;
    if (cost < least) [fastest, least] = [tile, cost];
  }
  return fastest;
}
