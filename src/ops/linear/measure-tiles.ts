import { engine, tensor, type Tensor } from "@tensorflow/tfjs-core";
import type { Recorder, TileSpeed } from "../../gpu/device.ts";
import { isUsable, outputsOf } from "./choose-tile.ts";
import { DIRECT, PRODUCTS, TILES, type Product, type Tile } from "./tiles.ts";
import { productWith } from "./webgpu.ts";

interface MeasureOptions {
  tiles?: readonly Tile[];
  onProgress?: (done: number, total: number) => void;
}

/** Measuring stops after this time with the speeds known by then; a software adapter takes a second to compile a tile. */
const BUDGET_MS = { hardware: 2_000, software: 10_000 };
type Shape = [rows: number, inner: number, columns: number];
/** MiniLM's layers with some hundred and some thousand tokens; the few cores of a software adapter fill with less. */
const SHAPES: Record<"hardware" | "software", Record<TileSpeed["size"], Shape>> = {
  hardware: { small: [256, 384, 384], large: [2048, 384, 1536] },
  software: { small: [64, 192, 384], large: [128, 192, 768] },
};
/** Long enough that a clock of 1 ms, or of 0.1 ms with noise, shows differences of 5 %. */
const LEAST_MS = 8;
/** A tile below this share of the best speed at y = x · wᵀ is not tried at the gradients. */
const HOPELESS = 0.6;

/**
 * Measures the tiles of the matmul family on the running GPU: each at y = x · wᵀ, those that are not hopeless
 * at the two gradients, and at both sizes on hardware. A tile whose numbers are not those of the plainest one is left
 * out: where the lanes of a quad lie in a workgroup is, strictly, up to the driver.
 */
export async function measureTiles(
  gpu: Recorder,
  { tiles: all = TILES, onProgress }: MeasureOptions = {},
): Promise<TileSpeed[]> {
  const kind = gpu.kernels === "software" ? "software" : "hardware";
  const shapes = SHAPES[kind];
  const sizes: TileSpeed["size"][] = kind === "software" ? ["large"] : ["large", "small"];
  const start = performance.now();
  const speeds: TileSpeed[] = [];
  const total = PRODUCTS.length * sizes.length;
  let done = 0;
  let tiles: readonly Tile[] = all.filter((tile) => isUsable(gpu, tile));
  for (const product of PRODUCTS) {
    for (const size of sizes) {
      onProgress?.(done++, total);
      const operands = operandsOf(gpu, product, shapes[size]);
      try {
        const expected = await operands.numbersWith(DIRECT);
        for (const tile of tiles) {
          if (speeds.length > 0 && performance.now() - start > BUDGET_MS[kind]) return speeds;
          if (!agree(await operands.numbersWith(tile), expected)) continue;
          const ms = await operands.time(tile);
          const [rows, inner, columns] = shapes[size];
          const gflops = (2 * inner * outputsOf(tile, rows, columns)) / (ms * 1e6);
          speeds.push({ tile: tile.name, product, size, gflops });
        }
      } finally {
        operands.dispose();
      }
    }
    if (product === "FORWARD") tiles = withoutHopeless(tiles, speeds);
  }
  onProgress?.(total, total);
  return speeds;
}

function withoutHopeless(tiles: readonly Tile[], speeds: readonly TileSpeed[]): Tile[] {
  const best = Math.max(...speeds.map(({ gflops }) => gflops));
  return tiles.filter(({ name }) => speeds.some(({ tile, gflops }) => tile === name && gflops > HOPELESS * best));
}

/** A and B of a product, filled with numbers that repeat nowhere near a tile's edge. */
function operandsOf(gpu: Recorder, product: Product, [rows, inner, columns]: Shape) {
  const filled = (height: number, width: number): Tensor =>
    tensor(
      Float32Array.from({ length: height * width }, (_, i) => ((i * 7919) % 101) / 50 - 1),
      [height, width],
    );
  const a = product === "WEIGHT_GRADIENT" ? filled(inner, rows) : filled(rows, inner);
  const b = product === "FORWARD" ? filled(columns, inner) : filled(inner, columns);
  const record = (tile: Tile) =>
    engine().makeTensorFromTensorInfo(productWith(gpu, tile, { product, a, b, rows, inner, columns }));
  const run = async (tile: Tile, times: number) => {
    const start = performance.now();
    for (let i = 0; i < times; i++) record(tile).dispose();
    await gpu.done();
    return (performance.now() - start) / times;
  };
  return {
    /** The product; it also compiles the tile. */
    async numbersWith(tile: Tile): Promise<Float32Array> {
      const c = record(tile);
      const [numbers = new Float32Array()] = await gpu.read([c]);
      c.dispose();
      return numbers;
    },
    /** Milliseconds of one product. */
    async time(tile: Tile): Promise<number> {
      const once = await run(tile, 1);
      return once >= LEAST_MS ? once : run(tile, Math.ceil(LEAST_MS / Math.max(once, 0.05)));
    },
    dispose() {
      a.dispose();
      b.dispose();
    },
  };
}

function agree(some: Float32Array, expected: Float32Array): boolean {
  return expected.every((value, i) => Math.abs((some[i] ?? NaN) - value) <= 1e-3 * (1 + Math.abs(value)));
}
