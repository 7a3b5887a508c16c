import type { Product, ProductSizes } from "./product.ts";
import { canCompute, TILES, type Tile } from "./tiles.ts";

/** A GPU that is not filled by a product of few outputs may want smaller tiles for it. */
export type SizeClass = "small" | "large";

/** What one tile reached, in GFLOP/s over the outputs of whole tiles: what lies past the edges counts as done. */
export interface TileSpeed {
  tile: string;
  product: Product;
  size: SizeClass;
  gflops: number;
}

/** Outputs from which on a product is "large": 48 workgroups of 64 × 64. */
const LARGE_FROM = 48 * 64 * 64;

export function sizeClassOf(rows: number, columns: number): SizeClass {
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
    const measured = (wanted: SizeClass) =>
      speeds.find((speed) => speed.tile === tile.name && speed.product === product && speed.size === wanted);
    const speed = measured(size) ?? measured(size === "large" ? "small" : "large");
    if (!speed) continue;
    const cost = outputsOf(tile, rows, columns) / speed.gflops;
    if (cost < least) [fastest, least] = [tile, cost];
  }
  return fastest;
}
