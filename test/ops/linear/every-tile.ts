import { engine, type Tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { readTensor } from "../../../src/gpu/read-back.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import type { Activation } from "../../../src/ops/activation/activation.ts";
import { canCompute, TILES_OF, type Product, type ProductSizes, type Tile } from "../../../src/ops/linear/tiles.ts";
import { productWith, type Epilogue } from "../../../src/ops/linear/webgpu.ts";
import { float16Table, toFloat16 } from "../../../src/io/float16.ts";
import { expectNear, randomValues, toCapacity, toTensor, type Values } from "../numbers.ts";

/** Tokens, inputs and outputs of a layer: fewer than a tile, more than one each way, one more than a vec4, a long row. */
const LAYERS = [
  { tokens: 1, inputs: 8, outputs: 16 },
  { tokens: 3, inputs: 136, outputs: 24 },
  { tokens: 67, inputs: 40, outputs: 136 },
  { tokens: 130, inputs: 24, outputs: 72 },
  { tokens: 512, inputs: 8, outputs: 8 },
];
/** The same with sizes that only tiles for multiples of 4 compute. */
const ODD_LAYERS = [
  { tokens: 5, inputs: 4, outputs: 12 },
  { tokens: 70, inputs: 36, outputs: 132 },
];
type Layer = (typeof LAYERS)[number];

interface Ending {
  product: Product;
  epilogue: Epilogue;
  activation?: Activation;
}

/** Every kernel that a training step has of a tile; all activations are computed by the same text. */
const ENDINGS: Ending[] = [
  { product: "FORWARD", epilogue: "storeBias" },
  { product: "FORWARD", epilogue: "storeActivated", activation: "tanh" },
  { product: "INPUT_GRADIENT", epilogue: "storePlain" },
  { product: "INPUT_GRADIENT", epilogue: "storeAdded" },
  { product: "INPUT_GRADIENT", epilogue: "storeThrough", activation: "tanh" },
  { product: "WEIGHT_GRADIENT", epilogue: "storePlain" },
];

function sizesOf(product: Product, { tokens, inputs, outputs }: Layer): ProductSizes {
  return {
    FORWARD: { rows: tokens, inner: inputs, columns: outputs },
    INPUT_GRADIENT: { rows: tokens, inner: outputs, columns: inputs },
    WEIGHT_GRADIENT: { rows: outputs, inner: tokens, columns: inputs },
  }[product];
}

/** Shapes of A and B as they lie in memory. */
function shapesOf(product: Product, { rows, inner, columns }: ProductSizes): { a: number[]; b: number[] } {
  return {
    a: product === "WEIGHT_GRADIENT" ? [inner, rows] : [rows, inner],
    b: product === "FORWARD" ? [columns, inner] : [inner, columns],
  };
}

/** The numbers that 16 bits hold, where a tile rounds to them: its sums are then as exact as the others'. */
function heldBy(tile: Tile, { shape, values }: Values): Values {
  const isMixed = TILES_OF.mixed.includes(tile);
  return { shape, values: isMixed ? values.map((value) => float16Table()[toFloat16(value)] ?? NaN) : values };
}

/** What has a row for each token has room for more, which are NaN. */
const SPARE_ROWS = 3;
function operand(product: Product, which: "a" | "b", values: Values): Tensor {
  const isOfTokens = which === "a" || product === "WEIGHT_GRADIENT";
  return isOfTokens ? toCapacity(values, (values.shape[0] ?? 0) + SPARE_ROWS) : toTensor(values);
}

/** A and B at an output and an inner index. */
function reader(product: Product, { rows, inner, columns }: ProductSizes, a: Float32Array, b: Float32Array) {
  return {
    a: (row: number, k: number) => (product === "WEIGHT_GRADIENT" ? a[k * rows + row] : a[row * inner + k]) ?? NaN,
    b: (k: number, column: number) => (product === "FORWARD" ? b[column * inner + k] : b[k * columns + column]) ?? NaN,
  };
}

function expected(
  { product, epilogue }: Ending,
  sizes: ProductSizes,
  { a, b, extra }: Record<"a" | "b" | "extra", Values>,
): Float32Array {
  const { rows, inner, columns } = sizes;
  const read = reader(product, sizes, a.values, b.values);
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += read.a(row, k) * read.b(k, column);
    const other = extra.values[extra.shape.length === 1 ? column : at] ?? NaN;
    return {
      storePlain: sum,
      storeBias: sum + other,
      storeActivated: Math.tanh(sum + other),
      storeAdded: sum + other,
      storeThrough: sum * (1 - Math.tanh(other) ** 2),
    }[epilogue];
  });
}

/** The product on the running GPU, `times` over: always the same bits. Disposes the operands. */
async function computed(
  tile: Tile,
  { product, ...ending }: Ending,
  sizes: ProductSizes,
  operands: Tensor[],
  times: number,
): Promise<Float32Array> {
  const [a, b, extra] = operands;
  if (!a || !b) throw new Error("A product has two operands.");
  const compute = async () => {
    const info = productWith(runningGpu(), tile, { product, a, b, ...sizes }, { ...ending, ...(extra && { extra }) });
    const c = engine().makeTensorFromTensorInfo(info);
    const values = await readTensor(c);
    c.dispose();
    return values;
  };
  const first = await compute();
  for (let i = 1; i < times; i++) {
    const again = await compute();
    const differs = first.findIndex((value, at) => !Object.is(value, again[at]));
    expect(differs, `${tile.name} ${product}: other bits at the next time, at ${differs}`).toBe(-1);
  }
  for (const one of operands) one.dispose();
  return first;
}

/** Holds every product of a tile with every epilogue against sums in double precision, on the running GPU. */
export async function expectRightProducts(tile: Tile): Promise<void> {
  for (const ending of ENDINGS) {
    const { product, epilogue } = ending;
    for (const layer of [...LAYERS, ...(tile.multiple ? [] : ODD_LAYERS)]) {
      const sizes = sizesOf(product, layer);
      expect(canCompute(tile, product, sizes)).toBe(true);
      const shapes = shapesOf(product, sizes);
      const isBias = epilogue === "storeBias" || epilogue === "storeActivated";
      const values = {
        a: heldBy(tile, randomValues(shapes.a, 1)),
        b: heldBy(tile, randomValues(shapes.b, 2, 0.3)),
        extra: randomValues(isBias ? [sizes.columns] : [sizes.rows, sizes.columns], 3),
      };
      const operands = [operand(product, "a", values.a), operand(product, "b", values.b)];
      if (epilogue !== "storePlain") operands.push(toTensor(values.extra));
      const found = await computed(tile, ending, sizes, operands, layer === LAYERS[2] ? 2 : 1);
      const what = `${tile.name} ${product} ${epilogue}, ${layer.tokens} tokens`;
      expectNear(found, expected(ending, sizes, values), 1e-5, what);
    }
  }
}

/** Tokens' gradients in a deep layer of a large batch, most of which 16 bits cannot tell from nothing. */
const SMALL_GRADIENT = 1e-7;

/** Expects of a tile for mixed precision that it loses what rounding to 16 bits loses, of small gradients too. */
export async function expectHalves(tile: Tile): Promise<void> {
  for (const ending of ENDINGS.filter(({ epilogue }) => epilogue === "storePlain" || epilogue === "storeBias")) {
    const { product, epilogue } = ending;
    const sizes = sizesOf(product, { tokens: 67, inputs: 40, outputs: 136 });
    const shapes = shapesOf(product, sizes);
    const a = randomValues(shapes.a, 1, product === "FORWARD" ? 1 : SMALL_GRADIENT);
    const b = randomValues(shapes.b, 2, 0.3);
    const extra = { shape: [sizes.columns], values: new Float32Array(sizes.columns) };
    const operands = [operand(product, "a", a), operand(product, "b", b)];
    if (epilogue === "storeBias") operands.push(toTensor(extra));
    const found = await computed(tile, ending, sizes, operands, 1);
    // Compared as numbers of the usual size: `expectNear` lets very small ones pass.
    const factor = product === "FORWARD" ? 1 : 1 / SMALL_GRADIENT;
    const [scaled, exact] = [found, expected(ending, sizes, { a, b, extra })].map((all) => all.map((v) => v * factor));
    if (!scaled || !exact) throw new Error("There are two lists of outputs.");
    expectNear(scaled, exact, 2e-3, `${tile.name} ${product}`);
    expect(() => expectNear(scaled, exact, 1e-6, "rounded")).toThrow();
  }
}

/** Expects small whole numbers as they are, in all three products: there is nothing to round, in whatever order. */
export async function expectWholeNumbers(tile: Tile): Promise<void> {
  const whole = (shape: number[], seed: number) => {
    const { values } = randomValues(shape, seed, 4.5);
    return { shape, values: values.map((value) => Math.trunc(value)) };
  };
  for (const product of ["FORWARD", "INPUT_GRADIENT", "WEIGHT_GRADIENT"] as const) {
    for (const layer of [...LAYERS, ...ODD_LAYERS, { tokens: 61, inputs: 200, outputs: 68 }]) {
      const sizes = sizesOf(product, layer);
      const shapes = shapesOf(product, sizes);
      const [a, b] = [whole(shapes.a, 1), whole(shapes.b, 2)];
      const exact = expected({ product, epilogue: "storePlain" }, sizes, { a, b, extra: a });
      const operands = [operand(product, "a", a), operand(product, "b", b)];
      const found = await computed(tile, { product, epilogue: "storePlain" }, sizes, operands, 2);
      const differs = exact.findIndex((value, i) => found[i] !== value);
      expect(differs, `${tile.name} ${product}: ${found[differs]}, not ${exact[differs]} at ${differs}`).toBe(-1);
    }
  }
}

/**
 * Expects the bits of sums in single precision in the order of the inner index, in as many parts as the tile has: B is
 * 1 or -1, so that it does not matter whether products are rounded before they are added.
 */
export async function expectOrder(tile: Tile): Promise<void> {
  const layer = { tokens: 69, inputs: 76, outputs: 84 };
  for (const product of ["FORWARD", "INPUT_GRADIENT", "WEIGHT_GRADIENT"] as const) {
    const sizes = sizesOf(product, layer);
    const { rows, inner, columns } = sizes;
    const shapes = shapesOf(product, sizes);
    const [a, b] = [heldBy(tile, randomValues(shapes.a, 1)), randomValues(shapes.b, 2)];
    b.values.forEach((value, i) => (b.values[i] = Math.sign(value)));
    const read = reader(product, sizes, a.values, b.values);
    const step = tile.splits ? 16 * Math.ceil(Math.ceil(inner / 16) / tile.splits) : inner;
    const inOrder = Float32Array.from({ length: rows * columns }, (_, at) => {
      let sum = 0;
      for (let from = 0; from < inner; from += step) {
        let part = 0;
        for (let k = from; k < Math.min(from + step, inner); k++) {
          part = Math.fround(part + read.a(Math.floor(at / columns), k) * read.b(k, at % columns));
        }
        sum = Math.fround(sum + part);
      }
      return sum;
    });
    const operands = [operand(product, "a", a), operand(product, "b", b)];
    const found = await computed(tile, { product, epilogue: "storePlain" }, sizes, operands, 2);
    const differs = inOrder.findIndex((value, i) => found[i] !== value);
    expect(differs, `${tile.name} ${product}: ${found[differs]}, not ${inOrder[differs]} at ${differs}`).toBe(-1);
  }
}
