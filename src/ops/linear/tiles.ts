import type { KernelKind, Precision, TileSpeed } from "../../gpu/device.ts";
import type { ProgramFeature } from "../../gpu/program.ts";
import type { MatrixComponent } from "../../gpu/subgroup-matrices.ts";
import { directTile } from "./tile-direct.ts";
import { matrixTile } from "./tile-matrix.ts";
import { QUAD_MULTIPLE, QUAD_TILE, quadTile } from "./tile-quad.ts";
import { sharedTile } from "./tile-shared.ts";

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
  /** Rows that the output has room for, where they are more than `rows`. */
  capacity?: number;
}

/** True where all sizes but the number of tokens are multiples of `count`: tokens may be any number. */
export function isMultiple(product: Product, sizes: ProductSizes, count: number): boolean {
  const { rows, inner, columns, stride = columns } = sizes;
  const features = product === "WEIGHT_GRADIENT" ? rows : inner;
  return [columns, features, stride].every((size) => size % count === 0);
}

/** A way to compute the products of the matmul family: outputs of one workgroup, and the text of the kernel. */
export interface Tile {
  /** Unique, e.g. "shared 64×64"; a choice of tiles is kept by these names. */
  name: string;
  /** Outputs of one workgroup, whose number and order of threads are the text's own matter. */
  rows: number;
  columns: number;
  /** One text for all products, or one for each. */
  wgsl: string | Record<Product, string>;
  /** Kinds of adapters it is for: on others it is neither measured nor chosen. */
  adapters: readonly KernelKind[];
  /** What all sizes but the number of tokens must be multiples of; 4 where it is left out. */
  multiple?: number;
  /** Parts of the inner dimension, each of workgroups of its own, whose sums a second dispatch adds. */
  splits?: number;
  /** What the device must have been opened with. */
  features?: readonly ProgramFeature[];
  /** What the subgroups of the device must multiply 8 × 8 matrices of, for a text with matrices. */
  matrices?: MatrixComponent;
}

/** A tile of workgroup memory; a thread has `outputs` of its outputs. */
function shared(rows: number, columns: number, outputs: [high: number, wide: number], splits = 1): Tile {
  return { name: `shared ${rows}×${columns}${partsText(splits)}`, ...sharedOf(rows, columns, outputs, splits, false) };
}

/** The same with 16 bits for a number. */
function half(rows: number, columns: number, outputs: [high: number, wide: number], splits = 1): Tile {
  return {
    name: `half ${rows}×${columns}${partsText(splits)}`,
    ...sharedOf(rows, columns, outputs, splits, true),
    features: ["shader-f16"],
  };
}

const partsText = (splits: number) => (splits > 1 ? `, ${splits} parts` : "");

function sharedOf(rows: number, columns: number, [high, wide]: [number, number], splits: number, halves: boolean) {
  return {
    rows,
    columns,
    wgsl: sharedTile({ rows, columns, outputs: { rows: high, groups: wide / 4 }, splits, halves }),
    adapters: ["gpu"] as const,
    ...(splits > 1 && { splits }),
  };
}

/** A tile of matrices that belong to subgroups. */
function matrix(rows: number, columns: number, component: MatrixComponent, splits = 1): Tile {
  return {
    name: `matrix ${rows}×${columns} ${component}${partsText(splits)}`,
    rows,
    columns,
    wgsl: matrixTile({ rows, columns, component, splits }),
    adapters: ["gpu"],
    ...(splits > 1 && { splits }),
    features: [
      "subgroups",
      "chromium-experimental-subgroup-matrix",
      ...(component === "f16" ? (["shader-f16"] as const) : []),
    ],
    matrices: component,
  };
}

/** A tile without workgroup memory, by the outputs of a thread. */
function direct(high: number, wide: number, adapter: KernelKind): Tile {
  return {
    name: `direct ${high}×${wide}`,
    rows: 8 * high,
    columns: 8 * wide,
    wgsl: directTile({ rows: high, groups: wide / 4 }),
    adapters: [adapter],
  };
}

/** Its lanes exchange what they load, and where they lie in a workgroup is, strictly, up to the driver. */
const QUAD: Tile = {
  name: "quad 32×8",
  ...QUAD_TILE,
  wgsl: quadTile,
  adapters: ["software"],
  multiple: QUAD_MULTIPLE,
  features: ["subgroups"],
};

/** Computes every product whose sizes are multiples of 4, on any adapter. */
export const DIRECT = direct(8, 16, "software");

/**
 * All tiles. Which is the fastest differs between adapters and between sizes: one fixed tiling reaches 44 to 80 % of each
 * GPU's own best. The first that an adapter can run is what it takes for large products before anything is measured.
 */
export const TILES: readonly Tile[] = [
  QUAD,
  DIRECT,
  shared(64, 64, [8, 8]),
  shared(32, 32, [4, 4]),
  shared(32, 64, [4, 8]),
  shared(128, 64, [8, 8]),
  shared(128, 128, [8, 8]),
  direct(4, 4, "gpu"),
  direct(4, 8, "gpu"),
  direct(8, 8, "gpu"),
  shared(64, 64, [8, 8], 4),
  shared(32, 32, [4, 4], 4),
];

/** The tiles for steps in mixed precision: they round A and B to 16 bits. Where none can compute a product, one above does. */
const MIXED_TILES: readonly Tile[] = [
  {
    ...DIRECT,
    name: "half direct 8×16",
    wgsl: directTile({ rows: 8, groups: 4, halves: true }),
    features: ["shader-f16"],
  },
  half(64, 64, [8, 8]),
  half(32, 32, [4, 4]),
  half(32, 64, [4, 8]),
  half(128, 64, [8, 8]),
  half(128, 128, [8, 8]),
  half(64, 64, [8, 8], 4),
  half(32, 32, [4, 4], 4),
];

const matricesOf = (component: MatrixComponent) => [
  matrix(64, 64, component),
  matrix(32, 32, component),
  matrix(32, 32, component, 4),
];
/** Never taken before they are measured. Those of f32 round nothing, and may be the fastest in mixed precision too. */
const MATRICES = { f16: matricesOf("f16"), f32: matricesOf("f32") };

/** The tiles among which the products of a precision choose, and the tuner measures. */
export const TILES_OF: Record<Precision, readonly Tile[]> = {
  float32: [...TILES, ...MATRICES.f32],
  mixed: [...MIXED_TILES, ...MATRICES.f16, ...MATRICES.f32],
};

/** Outputs from which on a product is "large": 48 workgroups of 64 × 64. */
const LARGE_FROM = 48 * 64 * 64;

/** The size of a product for the choice of its tile: that of the largest one that its output has room for. */
export function sizeClassOf({ rows, columns, capacity = rows }: ProductSizes): TileSpeed["size"] {
  return capacity * columns < LARGE_FROM ? "small" : "large";
}

/** True where the tile can compute a product of these sizes; one in parts is for small products alone. */
export function canCompute({ multiple = 4, splits }: Tile, product: Product, sizes: ProductSizes): boolean {
  return isMultiple(product, sizes, multiple) && (splits === undefined || sizeClassOf(sizes) === "small");
}
