import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Bound, Range, Recorder } from "../../gpu/device.ts";
import { partsOf, type Part } from "../../gpu/parts.ts";
import { u32, type Program } from "../../gpu/program.ts";
import { ACTIVATION_CODE, type Activation } from "../activation/activation.ts";
import activationWgsl from "../activation/activation.wgsl?raw";
import biasSumsWgsl from "./bias-sums.wgsl?raw";
import { chosenTile } from "./choose-tile.ts";
import fromBeforeWgsl from "./from-before.wgsl?raw";
import fromZeroWgsl from "./from-zero.wgsl?raw";
import { scratchOfAll } from "./multiply.ts";
import { rowBlocks } from "./row-blocks.ts";
import type { Activated, Forward, InputGradient, ParameterGradient } from "./inputs.ts";
import matmulAnyWgsl from "./matmul-any.wgsl?raw";
import noBiasSumsWgsl from "./no-bias-sums.wgsl?raw";
import storeActivated from "./store-activated.wgsl?raw";
import storeAdded from "./store-added.wgsl?raw";
import storeBias from "./store-bias.wgsl?raw";
import storePlain from "./store-plain.wgsl?raw";
import storeThrough from "./store-through.wgsl?raw";
import { isMultiple, PRODUCTS, type Product, type ProductSizes, type Tile } from "./tiles.ts";

const PRODUCT_CODES = Object.fromEntries(PRODUCTS.map((product, i) => [product, i]));
const EPILOGUES = { storePlain, storeBias, storeActivated, storeAdded, storeThrough };

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
const ANY: Tile = { name: "any", rows: 8, columns: 8, wgsl: matmulAnyWgsl };

/** Records one product of the matmul family; `tensors` are A, B and what the epilogue binds. */
function matmul(gpu: Recorder, what: Multiplication, bound: Bound[]): void {
  const { product, rows, inner, columns } = what;
  const activation = what.activation ?? "none";
  const stride = what.stride ?? { FORWARD: columns, INPUT_GRADIENT: inner, WEIGHT_GRADIENT: rows }[product];
  const tile = isMultiple(product, what, 4) ? (what.tile ?? chosenTile(gpu, product, what)) : ANY;
  const hasBiasSums = product === "WEIGHT_GRADIENT";
  const program = programOf(gpu, tile, what, activation);
  for (const block of rowBlocks(gpu, { product, rows, inner, columns, stride }, bound)) {
    const tileRows = Math.ceil(block.rows / tile.rows) + (hasBiasSums ? 1 : 0);
    const workgroups = [Math.ceil(columns / tile.columns), tileRows] as const;
    const sizes = [block.rows, inner, columns, stride].map(u32);
    gpu.dispatch(program, block.bound, sizes, workgroups, block.work);
  }
  gpu.wasmScratch?.((threads) => scratchOfAll(hasBiasSums ? rows : 0, columns, inner, threads));
}

function programOf(
  gpu: Recorder,
  tile: Tile,
  { product, epilogue, continues = false }: Pick<Multiplication, "product" | "epilogue" | "continues">,
  activation: Activation,
): Program {
  const name = `matmul ${tile.name} ${product} ${epilogue}${continues ? " on" : ""}`;
  return gpu.program(`${name} ${activation}`, () => {
    const biasSums = product === "WEIGHT_GRADIENT" ? biasSumsWgsl : noBiasSumsWgsl;
    return {
      name,
      wgsl: (typeof tile.wgsl === "string" ? tile.wgsl : tile.wgsl[product]) + EPILOGUES[epilogue],
      constants: {
        ...PRODUCT_CODES,
        ...tile.constants,
        PRODUCT: PRODUCTS.indexOf(product),
        ACTIVATION: ACTIVATION_CODE[activation],
      },
      prelude: activationWgsl + biasSums + (continues ? fromBeforeWgsl : fromZeroWgsl),
      ...(tile.feature && { feature: tile.feature }),
    };
  });
}

/** One product with a tile of one's choice, to measure it. Sizes are multiples of 4. */
export function productWith(
  gpu: Recorder,
  tile: Tile,
  { product, a, b, ...sizes }: ProductSizes & { product: Product; a: Tensor; b: Tensor },
): TensorInfo {
  const c = gpu.output([sizes.rows, sizes.columns]);
  const biasSums = product === "WEIGHT_GRADIENT" ? [gpu.output([sizes.rows])] : [];
  matmul(gpu, { product, epilogue: "storePlain", ...sizes, tile }, [a, b, c, ...biasSums]);
  for (const sums of biasSums) gpu.release(sums);
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
  const y = gpu.output([x.shape[0] ?? 0, stride]);
  for (const part of partsOf(gpu, stride, inner)) {
    const { first, count: columns } = part;
    const some = [rowsOf(weight, part, inner), { tensor: bias, first, count: columns }, columnsFrom(y, first)];
    matmul(gpu, { product: "FORWARD", epilogue: "storeBias", rows, inner, columns, stride }, [x, ...some]);
  }
  return { y };
}

/** z = x · wᵀ + b and y = act(z). */
export function forwardActivated({ x, weight, bias }: Forward, { tokens, activation }: Activated, gpu: Recorder) {
  const { outFeatures: columns, inFeatures: inner } = featuresOf(weight);
  const shape = [x.shape[0] ?? 0, columns];
  const [y, z] = [gpu.output(shape), gpu.output(shape)];
  const what = { product: "FORWARD", epilogue: "storeActivated", activation, rows: tokens, inner, columns } as const;
  matmul(gpu, what, [x, weight, bias, y, z]);
  return { y, z };
}

/** dx = dy · w, plus `residual`, or times the slope of `activation` at `z`. */
export function inputGradient(
  { dy, weight, residual, z }: InputGradient,
  { tokens: rows, activation }: Activated,
  gpu: Recorder,
) {
  const { outFeatures: stride, inFeatures: columns } = featuresOf(weight);
  const dx = gpu.output([dy.shape[0] ?? 0, columns]);
  const epilogue = residual ? "storeAdded" : z ? "storeThrough" : "storePlain";
  const extra = residual ?? z;
  if (extra) {
    const what = { product: "INPUT_GRADIENT", epilogue, activation, rows, inner: stride, columns } as const;
    matmul(gpu, what, [dy, weight, extra, dx]);
    return { dx };
  }
  for (const part of partsOf(gpu, stride, columns)) {
    const { first, count: inner } = part;
    const what = { product: "INPUT_GRADIENT", epilogue, rows, inner, columns, stride, continues: first > 0 } as const;
    matmul(gpu, what, [columnsFrom(dy, first), rowsOf(weight, part, columns), dx]);
  }
  return { dx };
}

/** dw = dyᵀ · x and db = Σ_t dy. */
export function parameterGradient({ dy, x }: ParameterGradient, { tokens: inner }: { tokens: number }, gpu: Recorder) {
  const [stride, columns] = [dy.shape[1] ?? 0, x.shape[1] ?? 0];
  const [dWeight, dBias] = [gpu.output([stride, columns]), gpu.output([stride])];
  for (const part of partsOf(gpu, stride, columns)) {
    const { first, count: rows } = part;
    const outputs = [rowsOf(dWeight, part, columns), { tensor: dBias, first, count: rows }];
    const what = { product: "WEIGHT_GRADIENT", epilogue: "storePlain", rows, inner, columns, stride } as const;
    matmul(gpu, what, [columnsFrom(dy, first), x, ...outputs]);
  }
  return { dWeight, dBias };
}
