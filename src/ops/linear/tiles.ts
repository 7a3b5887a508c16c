import { isMultiple, type Product, type ProductSizes } from "./product.ts";
import operandsWgsl from "./operands.wgsl?raw";
import directWgsl from "./tile-direct.wgsl?raw";
import { QUAD_MULTIPLE, QUAD_TILE, quadTile } from "./tile-quad.ts";
import sharedWgsl from "./tile-shared.wgsl?raw";

/** A way to compute the products of the matmul family: outputs of one workgroup, and the text of the kernel. */
export interface Tile {
  /** Unique, e.g. "quad 16×8"; a choice of tiles is kept by these names. */
  name: string;
  rows: number;
  columns: number;
  /** One text for all products, or one for each. */
  wgsl: string | Record<Product, string>;
  /** What all sizes but the number of tokens must be multiples of; 4 where it is left out. */
  multiple?: number;
  constants?: Record<string, number>;
  /** What the device must have been opened with. */
  feature?: "subgroups";
}

const shared = (rows: number, columns: number, slices = 1): Tile => ({
  name: `shared ${rows}×${columns}${slices > 1 ? `, ${slices} slices` : ""}`,
  rows,
  columns,
  wgsl: operandsWgsl + sharedWgsl,
  constants: { ROWS: rows, COLUMNS: columns, SLICES: slices },
});

const QUAD: Tile = {
  name: "quad 32×8",
  ...QUAD_TILE,
  wgsl: quadTile,
  multiple: QUAD_MULTIPLE,
  feature: "subgroups",
};

export const DIRECT = { name: "direct 8×16", rows: 64, columns: 128, wgsl: operandsWgsl + directWgsl } satisfies Tile;

/**
 * All tiles, those of software adapters first, which compile slowly. Which is the fastest differs between adapters and
 * between sizes: one fixed tiling reaches 44 to 80 % of each GPU's own best.
 */
export const TILES: readonly Tile[] = [
  QUAD,
  DIRECT,
  shared(64, 64),
  shared(32, 64),
  shared(64, 32),
  shared(32, 32),
  shared(128, 64),
  shared(32, 32, 4),
];

export function canCompute({ multiple = 4 }: Tile, product: Product, sizes: ProductSizes): boolean {
  return isMultiple(product, sizes, multiple);
}
