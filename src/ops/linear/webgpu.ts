import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { dispatch, output, release, u32, type Program } from "../../gpu/program.ts";
import { ACTIVATION_CODE, type Activation } from "../activation/activation.ts";
import activationWgsl from "../activation/activation.wgsl?raw";
import biasSumsWgsl from "./bias-sums.wgsl?raw";
import { chosenTile } from "./chosen-tile.ts";
import matmulAnyWgsl from "./matmul-any.wgsl?raw";
import noBiasSumsWgsl from "./no-bias-sums.wgsl?raw";
import storeActivated from "./store-activated.wgsl?raw";
import storeAdded from "./store-added.wgsl?raw";
import storeBias from "./store-bias.wgsl?raw";
import storePlain from "./store-plain.wgsl?raw";
import storeThrough from "./store-through.wgsl?raw";
import { PRODUCTS, type Product } from "./tile-speeds.ts";
import type { Tile } from "./tiles.ts";

const PRODUCT_CODES = Object.fromEntries(PRODUCTS.map((product, i) => [product, i]));
const EPILOGUES = { storePlain, storeBias, storeActivated, storeAdded, storeThrough };

interface Multiplication {
  product: Product;
  epilogue: keyof typeof EPILOGUES;
  activation?: Activation;
  /** Output rows, inner length, output columns. */
  rows: number;
  inner: number;
  columns: number;
  /** Instead of the one chosen for the size. */
  tile?: Tile;
}

/** For sizes that are no multiples of 4. */
const ANY: Tile = { name: "any", rows: 8, columns: 8, wgsl: matmulAnyWgsl };

/** Records one product of the matmul family; `tensors` are A, B and what the epilogue binds. */
function matmul(what: Multiplication, tensors: (Tensor | TensorInfo)[]): void {
  const { product, epilogue, rows, inner, columns } = what;
  // The inner length of the weight gradient is the number of tokens, which may be odd.
  const byFours = columns % 4 === 0 && (product === "WEIGHT_GRADIENT" ? rows : inner) % 4 === 0;
  const activation = what.activation ?? "none";
  const tile = byFours ? (what.tile ?? chosenTile(product, rows, columns)) : ANY;
  const hasBiasSums = product === "WEIGHT_GRADIENT";
  const program: Program = {
    name: `matmul ${tile.name} ${product} ${epilogue}`,
    wgsl: tile.wgsl + EPILOGUES[epilogue],
    constants: {
      ...PRODUCT_CODES,
      ...tile.constants,
      PRODUCT: PRODUCTS.indexOf(product),
      ACTIVATION: ACTIVATION_CODE[activation],
    },
    prelude: activationWgsl + (hasBiasSums ? biasSumsWgsl : noBiasSumsWgsl),
    ...(tile.feature && { feature: tile.feature }),
  };
  const tileRows = Math.ceil(rows / tile.rows) + (hasBiasSums ? 1 : 0);
  const workgroups = [Math.ceil(columns / tile.columns), tileRows] as const;
  dispatch(program, tensors, [u32(rows), u32(inner), u32(columns)], workgroups);
}

/** One product with a tile of one's choice, to measure it. Sizes are multiples of 4. */
export function productWith(
  tile: Tile,
  product: Product,
  a: Tensor,
  b: Tensor,
  sizes: { rows: number; inner: number; columns: number },
): TensorInfo {
  const c = output([sizes.rows, sizes.columns]);
  const biasSums = product === "WEIGHT_GRADIENT" ? [output([sizes.rows])] : [];
  matmul({ product, epilogue: "storePlain", ...sizes, tile }, [a, b, c, ...biasSums]);
  for (const sums of biasSums) release(sums);
  return c;
}

interface Sizes {
  tokens: number;
  inFeatures: number;
  outFeatures: number;
}

/** y = x · wᵀ + b. */
export function forward(x: Tensor, weight: Tensor, bias: Tensor, sizes: Sizes): TensorInfo {
  const y = output([x.shape[0] ?? 0, sizes.outFeatures]);
  const { tokens: rows, inFeatures: inner, outFeatures: columns } = sizes;
  matmul({ product: "FORWARD", epilogue: "storeBias", rows, inner, columns }, [x, weight, bias, y]);
  return y;
}

/** z = x · wᵀ + b and y = act(z). */
export function forwardActivated(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  sizes: Sizes,
  activation: Activation,
): { y: TensorInfo; z: TensorInfo } {
  const shape = [x.shape[0] ?? 0, sizes.outFeatures];
  const [y, z] = [output(shape), output(shape)];
  const { tokens: rows, inFeatures: inner, outFeatures: columns } = sizes;
  matmul({ product: "FORWARD", epilogue: "storeActivated", activation, rows, inner, columns }, [x, weight, bias, y, z]);
  return { y, z };
}

/** dx = dy · w, plus `residual`, or times the slope of `activation` at `z`. */
export function inputGradient(
  dy: Tensor,
  weight: Tensor,
  sizes: Sizes,
  residual: Tensor | undefined,
  z: Tensor | undefined,
  activation: Activation,
): TensorInfo {
  const dx = output([dy.shape[0] ?? 0, sizes.inFeatures]);
  const epilogue = residual ? "storeAdded" : z ? "storeThrough" : "storePlain";
  const extra = residual ?? z;
  const { tokens: rows, outFeatures: inner, inFeatures: columns } = sizes;
  matmul({ product: "INPUT_GRADIENT", epilogue, activation, rows, inner, columns }, [
    dy,
    weight,
    ...(extra ? [extra] : []),
    dx,
  ]);
  return dx;
}

/** dw = dyᵀ · x and db = Σ_t dy. */
export function parameterGradient(dy: Tensor, x: Tensor, sizes: Sizes): { dWeight: TensorInfo; dBias: TensorInfo } {
  const [dWeight, dBias] = [output([sizes.outFeatures, sizes.inFeatures]), output([sizes.outFeatures])];
  const { outFeatures: rows, tokens: inner, inFeatures: columns } = sizes;
  matmul({ product: "WEIGHT_GRADIENT", epilogue: "storePlain", rows, inner, columns }, [dy, x, dWeight, dBias]);
  return { dWeight, dBias };
}
