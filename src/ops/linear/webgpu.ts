import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { wasmThreads } from "../../gpu/backend.ts";
import type { Bound, Range } from "../../gpu/bind-groups.ts";
import { scratchInOutline } from "../../gpu/outline.ts";
import { partsOf, type Part } from "../../gpu/parts.ts";
import { dispatch, output, release, u32, type Program } from "../../gpu/program.ts";
import { ACTIVATION_CODE, type Activation } from "../activation/activation.ts";
import activationWgsl from "../activation/activation.wgsl?raw";
import biasSumsWgsl from "./bias-sums.wgsl?raw";
import { chosenTile } from "./chosen-tile.ts";
import fromBeforeWgsl from "./from-before.wgsl?raw";
import fromZeroWgsl from "./from-zero.wgsl?raw";
import { scratchOfAll } from "./multiply.ts";
import matmulAnyWgsl from "./matmul-any.wgsl?raw";
import noBiasSumsWgsl from "./no-bias-sums.wgsl?raw";
import storeActivated from "./store-activated.wgsl?raw";
import storeAdded from "./store-added.wgsl?raw";
import storeBias from "./store-bias.wgsl?raw";
import storePlain from "./store-plain.wgsl?raw";
import storeThrough from "./store-through.wgsl?raw";
import { isMultiple, PRODUCTS, type Product, type ProductSizes } from "./product.ts";
import type { Tile } from "./tiles.ts";

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
function matmul(what: Multiplication, bound: Bound[]): void {
  const { product, rows, inner, columns } = what;
  const activation = what.activation ?? "none";
  const stride = what.stride ?? { FORWARD: columns, INPUT_GRADIENT: inner, WEIGHT_GRADIENT: rows }[product];
  const tile = isMultiple(product, what, 4) ? (what.tile ?? chosenTile(product, what)) : ANY;
  const hasBiasSums = product === "WEIGHT_GRADIENT";
  const program = programOf(tile, what, activation);
  const tileRows = Math.ceil(rows / tile.rows) + (hasBiasSums ? 1 : 0);
  const workgroups = [Math.ceil(columns / tile.columns), tileRows] as const;
  dispatch(program, bound, [rows, inner, columns, stride].map(u32), workgroups);
  scratchInOutline(scratchOfAll(rows, columns, inner, wasmThreads().count));
}

/** Programs that were made, by tile, product, epilogue and activation: a step asks for each of a few many times. */
const programs = new Map<string, Program>();

function programOf(
  tile: Tile,
  { product, epilogue, continues = false }: Pick<Multiplication, "product" | "epilogue" | "continues">,
  activation: Activation,
): Program {
  const name = `matmul ${tile.name} ${product} ${epilogue}${continues ? " on" : ""}`;
  const key = `${name} ${activation}`;
  const known = programs.get(key);
  if (known) return known;
  const biasSums = product === "WEIGHT_GRADIENT" ? biasSumsWgsl : noBiasSumsWgsl;
  const program: Program = {
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
  programs.set(key, program);
  return program;
}

/** One product with a tile of one's choice, to measure it. Sizes are multiples of 4. */
export function productWith(tile: Tile, product: Product, a: Tensor, b: Tensor, sizes: ProductSizes): TensorInfo {
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

/** Some rows of a weight [N, K], and the same columns of y or dy [T, N]: bound from the first of them to the end. */
const rowsOf = (weight: Tensor | TensorInfo, { first, count }: Part, inFeatures: number): Range => {
  return { tensor: weight, first: first * inFeatures, count: count * inFeatures };
};
const columnsFrom = (wide: Tensor | TensorInfo, first: number): Range => {
  return { tensor: wide, first, count: wide.shape.reduce((a, b) => a * b, 1) - first };
};

/** y = x · wᵀ + b. */
export function forward(x: Tensor, weight: Tensor, bias: Tensor, sizes: Sizes): TensorInfo {
  const y = output([x.shape[0] ?? 0, sizes.outFeatures]);
  const { tokens: rows, inFeatures: inner, outFeatures: stride } = sizes;
  for (const part of partsOf(stride, inner)) {
    const { first, count: columns } = part;
    const some = [rowsOf(weight, part, inner), { tensor: bias, first, count: columns }, columnsFrom(y, first)];
    matmul({ product: "FORWARD", epilogue: "storeBias", rows, inner, columns, stride }, [x, ...some]);
  }
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
  const { tokens: rows, outFeatures: stride, inFeatures: columns } = sizes;
  if (extra) {
    const what = { product: "INPUT_GRADIENT", epilogue, activation, rows, inner: stride, columns } as const;
    matmul(what, [dy, weight, extra, dx]);
    return dx;
  }
  for (const part of partsOf(stride, columns)) {
    const { first, count: inner } = part;
    const what = { product: "INPUT_GRADIENT", epilogue, rows, inner, columns, stride, continues: first > 0 } as const;
    matmul(what, [columnsFrom(dy, first), rowsOf(weight, part, columns), dx]);
  }
  return dx;
}

/** dw = dyᵀ · x and db = Σ_t dy. */
export function parameterGradient(dy: Tensor, x: Tensor, sizes: Sizes): { dWeight: TensorInfo; dBias: TensorInfo } {
  const [dWeight, dBias] = [output([sizes.outFeatures, sizes.inFeatures]), output([sizes.outFeatures])];
  const { outFeatures: stride, tokens: inner, inFeatures: columns } = sizes;
  for (const part of partsOf(stride, columns)) {
    const { first, count: rows } = part;
    const outputs = [rowsOf(dWeight, part, columns), { tensor: dBias, first, count: rows }];
    const what = { product: "WEIGHT_GRADIENT", epilogue: "storePlain", rows, inner, columns, stride } as const;
    matmul(what, [columnsFrom(dy, first), x, ...outputs]);
  }
  return { dWeight, dBias };
}
