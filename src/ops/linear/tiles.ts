import type { TileSpeed } from "../../gpu/device.ts";
import operandsWgsl from "./operands.wgsl?raw";
import directWgsl from "./tile-direct.wgsl?raw";
import { QUAD_MULTIPLE, QUAD_TILE, quadTile } from "./tile-quad.ts";
import sharedWgsl from "./tile-shared.wgsl?raw";

/** The three products of a linear layer, see operands.wgsl. */
export const PRODUCTS = ["FORWARD", "INPUT_GRADIENT", "WEIGHT_GRADIENT"] as const satisfies readonly Product[];
export type Product = TileSpeed["product"];

/** Output rows, inner length, output columns. */
export interface ProductSizes {
  rows: number;
  inner: number;
  columns: number;
  /** Numbers in a row of y or dy, where the weight comes in parts: see operands.wgsl. */
  stride?: number;
}

/** True where all sizes but the number of tokens are multiples of `count`: tokens may be any number. */
export function isMultiple(product: Product, sizes: ProductSizes, count: number): boolean {
  const { rows, inner, columns, stride = columns } = sizes;
  const features = product === "WEIGHT_GRADIENT" ? rows : inner;
  return [columns, features, stride].every((size) => size % count === 0);
}

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
