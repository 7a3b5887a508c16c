import type { Recorder, TileSpeed } from "../../gpu/device.ts";
import { canCompute, DIRECT, sizeClassOf, TILES, type Product, type ProductSizes, type Tile } from "./tiles.ts";

/** True where the tile is for this kind of adapter, and the device can compile it. */
export function isUsable(gpu: Pick<Recorder, "kernels" | "hasFeature">, { adapters, features = [] }: Tile): boolean {
  return adapters.includes(gpu.kernels) && features.every((feature) => gpu.hasFeature(feature));
}

/** The tile for a product of these sizes: the fastest one measured, or the safe one for this kind of adapter. */
export function chosenTile(gpu: Recorder, product: Product, sizes: ProductSizes): Tile {
  return fastestTile(gpu.tileSpeeds, product, sizes) ?? unmeasuredTile(gpu, product, sizes);
}

/** On GPUs small products take a small tile, so that there are workgroups for all cores. */
const SMALL_ON_GPU = "shared 32×32";

/** The tile of a device on which nothing was measured: quads on software adapters, workgroup memory on GPUs. */
export function unmeasuredTile(
  gpu: Pick<Recorder, "kernels" | "hasFeature">,
  product: Product,
  sizes: ProductSizes,
): Tile {
  const usable = TILES.filter((tile) => isUsable(gpu, tile) && canCompute(tile, product, sizes));
  const small = sizeClassOf(sizes) === "small" ? usable.find(({ name }) => name === SMALL_ON_GPU) : undefined;
  return small ?? usable[0] ?? DIRECT;
}

/** Outputs that a tile computes for a product of this size, with those past its edges. */
export function outputsOf({ rows: high, columns: wide }: Tile, rows: number, columns: number): number {
  return Math.ceil(rows / high) * high * Math.ceil(columns / wide) * wide;
}

/** The tile that would compute this product first, by measured speeds; null where none that can was measured. */
export function fastestTile(speeds: readonly TileSpeed[], product: Product, sizes: ProductSizes): Tile | null {
  const own = sizeClassOf(sizes);
  return (
    fastestOf(speeds, product, sizes, own) ?? fastestOf(speeds, product, sizes, own === "large" ? "small" : "large")
  );
}

/** By the speeds of one size alone: those of another do not compare with them. */
function fastestOf(
  speeds: readonly TileSpeed[],
  product: Product,
  sizes: ProductSizes,
  measured: TileSpeed["size"],
): Tile | null {
  // A small product takes the same tile however many tokens a batch has: the plan then knows whether one in parts is
  // among them, which needs memory for its parts.
  const { columns } = sizes;
  const rows = sizeClassOf(sizes) === "small" ? (sizes.capacity ?? sizes.rows) : sizes.rows;
  let fastest: Tile | null = null;
  let least = Infinity;
  for (const { tile: name, gflops } of speeds.filter((one) => one.product === product && one.size === measured)) {
    const tile = TILES.find((one) => one.name === name);
    if (!tile || !canCompute(tile, product, sizes)) continue;
    const cost = outputsOf(tile, rows, columns) / gflops;
    if (cost < least) [fastest, least] = [tile, cost];
  }
  return fastest;
}
