import { engine, type Tensor } from "@tensorflow/tfjs-core";
import { isUsable } from "../../ops/linear/choose-tile.ts";
import { canCompute, PRODUCTS, TILES_OF, type Product, type ProductSizes } from "../../ops/linear/tiles.ts";
import { productWith } from "../../ops/linear/webgpu.ts";
import type { Budget } from "./budget.ts";
import { fillTensor } from "./fill-tensor.ts";
import { expectedMs, type Machine } from "./machine.ts";
import { timeWork, type WorkTime } from "./time-work.ts";

/** Tokens of a small and of a large step. */
const TOKENS = [256, 2048];
/** Inputs and outputs of the linear layers of six layers of 384: attention's three as one, its output, and both halves of the feed-forward. */
const LAYERS: readonly (readonly [inputs: number, outputs: number])[] = [
  [384, 1152],
  [384, 384],
  [384, 1536],
  [1536, 384],
];

interface TileTime extends Partial<WorkTime> {
  product: Product;
  tokens: number;
  inputs: number;
  outputs: number;
  tile: string;
  gflops?: number;
  notMeasured?: string;
}

/**
 * Every tile at the three products of each linear layer, small sizes first: milliseconds, GFLOP/s (over the outputs that
 * are wanted) and what the first call took longer, which is mostly the shader's compilation.
 */
export async function measureProducts(machine: Machine, budget: Budget): Promise<TileTime[]> {
  const times: TileTime[] = [];
  for (const tokens of TOKENS) {
    for (const [inputs, outputs] of LAYERS) {
      for (const product of PRODUCTS)
        times.push(...(await measureTilesAt(machine, budget, product, tokens, inputs, outputs)));
    }
  }
  return times;
}

async function measureTilesAt(
  machine: Machine,
  budget: Budget,
  product: Product,
  tokens: number,
  inputs: number,
  outputs: number,
): Promise<TileTime[]> {
  const { gpu } = machine;
  const sizes = sizesOf(product, tokens, inputs, outputs);
  const flops = 2 * tokens * inputs * outputs;
  const what = { product, tokens, inputs, outputs };
  const all = [...TILES_OF.float32, ...TILES_OF.mixed];
  const tiles = all.filter((tile) => isUsable(gpu, tile) && canCompute(tile, product, sizes));
  // Each tile is called at least twice.
  const ms = 2 * expectedMs(machine, flops);
  if (!budget.fits(ms)) return tiles.map(({ name: tile }) => ({ ...what, tile, notMeasured: budget.reason }));
  const operands = operandsOf(product, tokens, inputs, outputs);
  const times: TileTime[] = [];
  try {
    for (const tile of tiles) {
      const record = () =>
        engine()
          .makeTensorFromTensorInfo(productWith(gpu, tile, { product, ...operands, ...sizes }))
          .dispose();
      const time = budget.fits(ms) ? await timeWork(gpu, record, { idleMs: machine.idleMs, budget }) : budget.reason;
      if (typeof time === "string") times.push({ ...what, tile: tile.name, notMeasured: time });
      else {
        const gflops = flops / time.ms / 1e6;
        if (Number.isFinite(gflops)) machine.gflops = Math.max(machine.gflops ?? 0, gflops);
        times.push({ ...what, tile: tile.name, ...time, gflops });
      }
    }
  } finally {
    operands.a.dispose();
    operands.b.dispose();
  }
  return times;
}

/** The sizes of C = A · B for y = x · wᵀ, dx = dy · w and dw = dyᵀ · x. */
function sizesOf(product: Product, tokens: number, inputs: number, outputs: number): ProductSizes {
  if (product === "FORWARD") return { rows: tokens, inner: inputs, columns: outputs };
  if (product === "INPUT_GRADIENT") return { rows: tokens, inner: outputs, columns: inputs };
  return { rows: outputs, inner: tokens, columns: inputs };
}

function operandsOf(product: Product, tokens: number, inputs: number, outputs: number): { a: Tensor; b: Tensor } {
  const [x, dy, weight] = [
    [tokens, inputs],
    [tokens, outputs],
    [outputs, inputs],
  ] as const;
  if (product === "FORWARD") return { a: fillTensor(x), b: fillTensor(weight) };
  if (product === "INPUT_GRADIENT") return { a: fillTensor(dy), b: fillTensor(weight) };
  return { a: fillTensor(dy), b: fillTensor(x) };
}
