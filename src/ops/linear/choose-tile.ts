import type { Precision, Recorder, TileSpeed } from "../../gpu/device.ts";
import { canCompute, DIRECT, sizeClassOf, TILES_OF, type Product, type ProductSizes, type Tile } from "./tiles.ts";

/** What decides which tiles a device has. */
type TileDevice = Pick<Recorder, "kernels" | "hasFeature" | "matrices">;

/** True where the tile is for this kind of adapter, and the device can compile it. */
export function isUsable(gpu: TileDevice, { adapters, features = [], matrices }: Tile): boolean {
  if (matrices !== undefined && !gpu.matrices?.components.includes(matrices)) return false;
  return adapters.includes(gpu.kernels) && features.every((feature) => gpu.hasFeature(feature));
}

/** Speeds of tiles that the device has now. */
export function usableSpeeds(gpu: TileDevice, speeds: readonly TileSpeed[]): TileSpeed[] {
  const usable = Object.values(TILES_OF)
    .flat()
    .filter((tile) => isUsable(gpu, tile));
  return speeds.filter(({ tile: own }) => usable.some(({ name }) => name === own));
}

/** Speeds of tiles that multiply matrices of subgroups, among those of one precision. */
export function matrixSpeeds(speeds: readonly TileSpeed[], precision: Precision): TileSpeed[] {
  const tiles = TILES_OF[precision].filter(({ matrices }) => matrices !== undefined);
  return speeds.filter(({ tile: own }) => tiles.some(({ name }) => name === own));
}

/**
 * The tile for a product of these sizes in the precision of the moment: the fastest one measured, or the safe one for
 * this kind of adapter. Where no tile for mixed precision can compute them, one for float32.
 */
export function chosenTile(gpu: Recorder, product: Product, sizes: ProductSizes): Tile {
  const fastest = fastestTile(gpu.tileSpeeds, product, sizes, TILES_OF[gpu.precision]);
  return fastest ?? safeTile(gpu, gpu.precision, product, sizes) ?? chosenInFloat32(gpu, product, sizes);
}

function chosenInFloat32(gpu: Recorder, product: Product, sizes: ProductSizes): Tile {
  return fastestTile(gpu.tileSpeeds, product, sizes) ?? safeTile(gpu, "float32", product, sizes) ?? DIRECT;
}

/** On GPUs small products take a small tile, so that there are workgroups for all cores. */
const SMALL_ON_GPU: Record<Precision, string> = { float32: "shared 32×32", mixed: "half 32×32" };

/** The tile of a device on which nothing was measured: quads on software adapters, workgroup memory on GPUs. */
export function unmeasuredTile(
  gpu: TileDevice & Pick<Recorder, "precision">,
  product: Product,
  sizes: ProductSizes,
): Tile {
  return safeTile(gpu, gpu.precision, product, sizes) ?? safeTile(gpu, "float32", product, sizes) ?? DIRECT;
}

function safeTile(gpu: TileDevice, precision: Precision, product: Product, sizes: ProductSizes): Tile | undefined {
  const usable = TILES_OF[precision].filter((tile) => isUsable(gpu, tile) && canCompute(tile, product, sizes));
  const small =
    sizeClassOf(sizes) === "small" ? usable.find(({ name }) => name === SMALL_ON_GPU[precision]) : undefined;
  return small ?? usable[0];
}

/** Outputs that a tile computes for a product of this size, with those past its edges. */
export function outputsOf({ rows: high, columns: wide }: Tile, rows: number, columns: number): number {
  return Math.ceil(rows / high) * high * Math.ceil(columns / wide) * wide;
}

/** The tile that would compute this product first, by measured speeds; null where none that can was measured. */
export function fastestTile(
  speeds: readonly TileSpeed[],
  product: Product,
  sizes: ProductSizes,
  tiles: readonly Tile[] = TILES_OF.float32,
): Tile | null {
  const own = sizeClassOf(sizes);
  const ofProduct = speeds.filter((speed) => speed.product === product);
  const ofSize = (size: TileSpeed["size"]) =>
    fastestOf(
      ofProduct.filter((speed) => speed.size === size),
      product,
      sizes,
      tiles,
    );
  return ofSize(own) ?? ofSize(own === "large" ? "small" : "large");
}

/** By the speeds at this product of one size alone: those of another do not compare with them. */
function fastestOf(
  speeds: readonly TileSpeed[],
  product: Product,
  sizes: ProductSizes,
  tiles: readonly Tile[],
): Tile | null {
  // A small product takes the same tile however many tokens a batch has: the plan then knows whether one in parts is
  // among them, which needs memory for its parts.
  const { columns } = sizes;
  const rows = sizeClassOf(sizes) === "small" ? (sizes.capacity ?? sizes.rows) : sizes.rows;
  let fastest: Tile | null = null;
  let least = Infinity;
  for (const { tile: name, gflops } of speeds) {
    const tile = tiles.find((one) => one.name === name);
    if (!tile || !canCompute(tile, product, sizes)) continue;
    const cost = outputsOf(tile, rows, columns) / gflops;
    if (cost < least) [fastest, least] = [tile, cost];
  }
  return fastest;
}
