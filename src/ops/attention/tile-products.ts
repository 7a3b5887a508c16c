import type { Recorder } from "../../gpu/device.ts";
import type { Program } from "../../gpu/program.ts";
import { MATRIX_LAYOUT } from "../linear/tile-matrix.ts";
import { chosenTile } from "../linear/choose-tile.ts";
import { scaleOf } from "../linear/halves.ts";
import type { ProductSizes } from "../linear/tiles.ts";
import bySubgroupsWgsl from "./products-by-subgroups.wgsl?raw";
import byThreadsWgsl from "./products-by-threads.wgsl?raw";

/** Threads of a workgroup of the tiled kernels. */
const THREADS = 64;

/** How the tiled kernels multiply tiles: a part of their text, and what it needs. */
interface TileProducts extends Required<Pick<Program, "constants" | "features">> {
  /** Tells programs that multiply in different ways apart. */
  key: string;
  wgsl: string;
}

/**
 * Where the product that made q, k and v is computed of matrices of subgroups, because that was measured to be the
 * fastest, attention's products are as well; else threads compute them.
 *
 * @param product sizes of that product
 */
export function tileProducts(gpu: Recorder, product: ProductSizes): TileProducts {
  const component = gpu.matrices ? chosenTile(gpu, "FORWARD", product).matrices : undefined;
  const subgroupSize = gpu.matrices?.subgroupSize ?? 0;
  if (!component || subgroupSize > THREADS) return { key: "", wgsl: byThreadsWgsl, constants: {}, features: [] };
  const isHalf = component === "f16";
  const scale = isHalf ? scaleOf("INPUT_GRADIENT") : 1;
  return {
    key: ` ${component} matrices`,
    wgsl: `alias component = ${component};\nconst GRADIENT_SCALE = ${scale}.0;\n${bySubgroupsWgsl}`,
    constants: { SUBGROUP_SIZE: subgroupSize, GAP: MATRIX_LAYOUT[component].gap },
    features: ["subgroups", "chromium-experimental-subgroup-matrix", ...(isHalf ? (["shader-f16"] as const) : [])],
  };
}
