import operandsWgsl from "./operands.wgsl?raw";
import directWgsl from "./tile-direct.wgsl?raw";
import { quadTile } from "./tile-quad.ts";
import sharedWgsl from "./tile-shared.wgsl?raw";

/** A way to compute the products of the matmul family: outputs of one workgroup, and the text of the kernel. */
export interface Tile {
  /** Unique, e.g. "quad 16×8"; a choice of tiles is kept by these names. */
  name: string;
  rows: number;
  columns: number;
  wgsl: string;
  constants?: Record<string, number>;
  /** What the device must have been opened with. */
  feature?: "subgroups";
}

const shared = (rows: number, columns: number): Tile => ({
  name: `shared ${rows}×${columns}`,
  rows,
  columns,
  wgsl: operandsWgsl + sharedWgsl,
  constants: { ROWS: rows, COLUMNS: columns },
});

const quad = (rows: number, groups: number): Tile => ({
  name: `quad ${rows}×${4 * groups}`,
  rows: 4 * rows,
  columns: 16 * groups,
  wgsl: operandsWgsl + quadTile(rows, groups),
  feature: "subgroups",
});

export const DIRECT: Tile = { name: "direct 8×16", rows: 64, columns: 128, wgsl: operandsWgsl + directWgsl };

/**
 * All tiles, those of software adapters first, which compile slowly. Which is the fastest differs between adapters and
 * between sizes: one fixed tiling reaches 44 to 80 % of each GPU's own best.
 */
export const TILES: readonly Tile[] = [
  quad(16, 2),
  quad(32, 2),
  DIRECT,
  shared(64, 64),
  shared(32, 64),
  shared(64, 32),
  shared(32, 32),
  shared(128, 64),
];
