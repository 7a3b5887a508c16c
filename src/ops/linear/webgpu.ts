import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Bound, Range, Recorder, Work } from "../../gpu/device.ts";
import { partsOf, type Part } from "../../gpu/parts.ts";
import { u32, type Program, type Uniform } from "../../gpu/program.ts";
import { ACTIVATION_CODE, type Activation } from "../activation/activation.ts";
import { outputInto } from "../kernel.ts";
import activationWgsl from "../activation/activation.wgsl?raw";
import biasSumsByLanesWgsl from "./bias-sums-by-lanes.wgsl?raw";
import biasSumsWgsl from "./bias-sums.wgsl?raw";
import { chosenTile } from "./choose-tile.ts";
import fromBeforeWgsl from "./from-before.wgsl?raw";
import fromZeroWgsl from "./from-zero.wgsl?raw";
import { scratchOfAll } from "./multiply.ts";
import { rowBlocks } from "./row-blocks.ts";
import type { Activated, Forward, InputGradient, ParameterGradient, ParameterGradientOptions } from "./inputs.ts";
import matmulAnyWgsl from "./matmul-any.wgsl?raw";
import noBiasSumsWgsl from "./no-bias-sums.wgsl?raw";
import sumPartsWgsl from "./sum-parts.wgsl?raw";
import storeActivated from "./store-activated.wgsl?raw";
import storeAdded from "./store-added.wgsl?raw";
import storeBias from "./store-bias.wgsl?raw";
import storePart from "./store-part.wgsl?raw";
import storePlain from "./store-plain.wgsl?raw";
import storeThrough from "./store-through.wgsl?raw";
import { isMultiple, PRODUCTS, type Product, type ProductSizes, type Tile } from "./tiles.ts";

const PRODUCT_CODES = Object.fromEntries(PRODUCTS.map((product, i) => [product, i]));
const EPILOGUES = { storePlain, storeBias, storeActivated, storeAdded, storeThrough, storePart };

/** What is done with a product's sums, see the epilogue files. */
export type Epilogue = Exclude<keyof typeof EPILOGUES, "storePart">;

interface Multiplication extends ProductSizes {
  product: Product;
  epilogue: keyof typeof EPILOGUES;
  activation?: Activation;
  /** Adds to what the output holds. */
  continues?: boolean;
  /** Instead of the one chosen for the size. */
  tile?: Tile;
}

/** For sizes that are no multiples of 4. */
const ANY: Tile = { name: "any", rows: 8, columns: 8, wgsl: matmulAnyWgsl, adapters: ["software", "gpu"] };

/** Records one product of the matmul family; `tensors` are A, B and what the epilogue binds. */
function matmul(gpu: Recorder, what: Multiplication, bound: Bound[]): void {
  const { product, rows, inner, columns } = what;
  const tile = isMultiple(product, what, 4) ? (what.tile ?? chosenTile(gpu, product, what)) : ANY;
  const stride = what.stride ?? { FORWARD: columns, INPUT_GRADIENT: inner, WEIGHT_GRADIENT: rows }[product];
  for (const block of rowBlocks(gpu, { product, rows, inner, columns, stride }, bound)) {
    const ofBlock = { ...what, rows: block.rows, stride };
    if (tile.splits === undefined) recordTiles(gpu, tile, ofBlock, block.bound, block.work);
    else recordInParts(gpu, tile, tile.splits, ofBlock, block);
  }
  const transposedRows = product === "WEIGHT_GRADIENT" ? rows : 0;
  gpu.wasmScratch?.((threads) => scratchOfAll(transposedRows, columns, inner, threads));
}

/** One block of a product's rows, with the stride of the whole. */
type Block = Multiplication & { stride: number };

/** The uniforms of every kernel here. */
const sizesOf = ({ rows, inner, columns, stride }: Block): Uniform[] => [rows, inner, columns, stride].map(u32);

function recordTiles(gpu: Recorder, tile: Tile, what: Block, bound: Bound[], work: Work): void {
  const wide = Math.ceil(what.columns / tile.columns);
  const biasRows = what.product === "WEIGHT_GRADIENT" ? biasRowsOf(gpu, tile, what.rows, wide) : 0;
  const workgroups = [wide, biasRows + Math.ceil(what.rows / tile.rows) * (tile.splits ?? 1)] as const;
  gpu.dispatch(programOf(gpu, tile, what), bound, [...sizesOf(what), u32(biasRows)], workgroups, work);
}

/** Rows of workgroups that sum the bias's gradient: on a GPU each workgroup has at most four elements. */
function biasRowsOf({ kernels }: Recorder, tile: Tile, outFeatures: number, wide: number): number {
  if (kernels === "software") return 1;
  const elements = tile === ANY ? outFeatures : outFeatures / 4;
  return Math.ceil(elements / 4 / wide);
}

/** Two dispatches: the sums of each part of the inner dimension, then their sums, with the epilogue. */
function recordInParts(
  gpu: Recorder,
  tile: Tile,
  parts: number,
  what: Block,
  { bound, work }: { bound: Bound[]; work: Work },
): void {
  const { rows, columns, capacity = rows } = what;
  // The weight gradient binds its bias's behind c.
  const biasSums = what.product === "WEIGHT_GRADIENT" ? bound.slice(3) : [];
  const sums = gpu.output([parts, capacity, columns]);
  const first = { ...what, epilogue: "storePart", activation: "none", continues: false } as const;
  recordTiles(gpu, tile, first, [...bound.slice(0, 2), sums, ...biasSums], work);
  const ends = what.product === "WEIGHT_GRADIENT" ? bound.slice(2, 3) : bound.slice(2);
  const workgroups = Math.ceil((rows * columns) / 4 / 64);
  gpu.dispatch(sumOfParts(gpu, parts, what), [sums, ...ends], sizesOf(what), [workgroups]);
  gpu.release(sums);
}

function programOf(
  gpu: Recorder,
  tile: Tile,
  { product, epilogue, activation = "none", continues = false }: Multiplication,
): Program {
  const byLanes = product === "WEIGHT_GRADIENT" && gpu.kernels === "gpu";
  const name = `matmul ${tile.name} ${product}${byLanes ? " by lanes" : ""} ${epilogue}${continues ? " on" : ""}`;
  return gpu.program(`${name} ${activation}`, () => {
    const ofWeight = byLanes ? biasSumsByLanesWgsl : biasSumsWgsl;
    const biasSums = product === "WEIGHT_GRADIENT" ? ofWeight : noBiasSumsWgsl;
    return {
      name,
      wgsl: (typeof tile.wgsl === "string" ? tile.wgsl : tile.wgsl[product]) + EPILOGUES[epilogue],
      constants: {
        ...PRODUCT_CODES,
        PRODUCT: PRODUCTS.indexOf(product),
        ACTIVATION: ACTIVATION_CODE[activation],
        ...(tile.matrices && { SUBGROUP_SIZE: gpu.matrices?.subgroupSize ?? 0 }),
      },
      prelude: activationWgsl + biasSums + (continues ? fromBeforeWgsl : fromZeroWgsl),
      ...(tile.features && { features: tile.features }),
    };
  });
}

function sumOfParts(
  gpu: Recorder,
  parts: number,
  { epilogue, activation = "none", continues = false }: Multiplication,
): Program {
  const name = `sum of parts ${epilogue}${continues ? " on" : ""}`;
  return gpu.program(`${name} ${parts} ${activation}`, () => ({
    name,
    // There is one operand, not two, so that what the epilogue binds comes one binding sooner.
    wgsl: sumPartsWgsl + EPILOGUES[epilogue].replace(/@binding\((\d)\)/g, (_, at) => `@binding(${Number(at) - 1})`),
    constants: { PARTS: parts, ACTIVATION: ACTIVATION_CODE[activation] },
    prelude: activationWgsl + (continues ? fromBeforeWgsl : fromZeroWgsl),
  }));
}

/** What else a product with an epilogue of one's choice takes: by default nothing. */
interface Ending {
  epilogue?: Epilogue;
  activation?: Activation;
  /** The bias [columns] of storeBias and storeActivated, the residual or z [rows, columns] of storeAdded and storeThrough. */
  extra?: Tensor;
}

/**
 * One product with a tile of one's choice, to measure or test it. Sizes are multiples of 4, and `canCompute` is true.
 * Returns c; a weight gradient's bias sums and the z of storeActivated are dropped.
 */
export function productWith(
  gpu: Recorder,
  tile: Tile,
  { product, a, b, ...sizes }: ProductSizes & { product: Product; a: Tensor; b: Tensor },
  { epilogue = "storePlain", activation = "none", extra }: Ending = {},
): TensorInfo {
  const c = gpu.output([sizes.rows, sizes.columns]);
  const dropped: TensorInfo[] = [];
  if (product === "WEIGHT_GRADIENT") dropped.push(gpu.output([sizes.rows]));
  if (epilogue === "storeActivated") dropped.push(gpu.output([sizes.rows, sizes.columns]));
  matmul(gpu, { product, epilogue, activation, ...sizes, tile }, [a, b, ...(extra ? [extra] : []), c, ...dropped]);
  for (const one of dropped) gpu.release(one);
  return c;
}

/** The outputs and inputs of the layer that a weight [N, K] belongs to. */
const featuresOf = (weight: Tensor) => {
  const [outFeatures = 0, inFeatures = 0] = weight.shape;
  return { outFeatures, inFeatures };
};

/** Some rows of a weight [N, K], and the same columns of y or dy [T, N]: bound from the first of them to the end. */
const rowsOf = (weight: Tensor | TensorInfo, { first, count }: Part, inFeatures: number): Range => {
  return { tensor: weight, first: first * inFeatures, count: count * inFeatures };
};
const columnsFrom = (wide: Tensor | TensorInfo, first: number): Range => {
  return { tensor: wide, first, count: wide.shape.reduce((a, b) => a * b, 1) - first };
};

/** y = x · wᵀ + b. */
export function forward({ x, weight, bias }: Forward, { tokens: rows }: { tokens: number }, gpu: Recorder) {
  const { outFeatures: stride, inFeatures: inner } = featuresOf(weight);
  const capacity = x.shape[0] ?? 0;
  const y = gpu.output([capacity, stride]);
  for (const part of partsOf(gpu, stride, inner)) {
    const { first, count: columns } = part;
    const some = [rowsOf(weight, part, inner), { tensor: bias, first, count: columns }, columnsFrom(y, first)];
    const what = { product: "FORWARD", epilogue: "storeBias", rows, capacity, inner, columns, stride } as const;
    matmul(gpu, what, [x, ...some]);
  }
  return { y };
}

/** z = x · wᵀ + b and y = act(z). */
export function forwardActivated({ x, weight, bias }: Forward, { tokens, activation }: Activated, gpu: Recorder) {
  const { outFeatures: columns, inFeatures: inner } = featuresOf(weight);
  const capacity = x.shape[0] ?? 0;
  const [y, z] = [gpu.output([capacity, columns]), gpu.output([capacity, columns])];
  const sizes = { rows: tokens, capacity, inner, columns };
  matmul(gpu, { product: "FORWARD", epilogue: "storeActivated", activation, ...sizes }, [x, weight, bias, y, z]);
  return { y, z };
}

/** dx = dy · w, plus `residual`, or times the slope of `activation` at `z`. */
export function inputGradient(
  { dy, weight, residual, z }: InputGradient,
  { tokens: rows, activation }: Activated,
  gpu: Recorder,
) {
  const { outFeatures: stride, inFeatures: columns } = featuresOf(weight);
  const capacity = dy.shape[0] ?? 0;
  const dx = gpu.output([capacity, columns]);
  const epilogue = residual ? "storeAdded" : z ? "storeThrough" : "storePlain";
  const extra = residual ?? z;
  if (extra) {
    const sizes = { rows, capacity, inner: stride, columns };
    matmul(gpu, { product: "INPUT_GRADIENT", epilogue, activation, ...sizes }, [dy, weight, extra, dx]);
    return { dx };
  }
  for (const part of partsOf(gpu, stride, columns)) {
    const { first, count: inner } = part;
    const sizes = { rows, capacity, inner, columns, stride };
    const what = { product: "INPUT_GRADIENT", epilogue, ...sizes, continues: first > 0 } as const;
    matmul(gpu, what, [columnsFrom(dy, first), rowsOf(weight, part, columns), dx]);
  }
  return { dx };
}

/** dw = dyᵀ · x and db = Σ_t dy. */
export function parameterGradient(
  { dy, x }: ParameterGradient,
  { tokens: inner, into = {} }: ParameterGradientOptions,
  gpu: Recorder,
) {
  const [stride, columns] = [dy.shape[1] ?? 0, x.shape[1] ?? 0];
  const [dWeight, dBias] = [outputInto(gpu, into.weight, [stride, columns]), outputInto(gpu, into.bias, [stride])];
  for (const part of partsOf(gpu, stride, columns)) {
    const { first, count: rows } = part;
    const outputs = [rowsOf(dWeight, part, columns), { tensor: dBias, first, count: rows }];
    const what = { product: "WEIGHT_GRADIENT", epilogue: "storePlain", rows, inner, columns, stride } as const;
    matmul(gpu, what, [columnsFrom(dy, first), x, ...outputs]);
  }
  return { dWeight, dBias };
}
