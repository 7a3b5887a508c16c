import { engine, tensor, type Tensor } from "@tensorflow/tfjs-core";
import type { Precision, Recorder } from "../../gpu/device.ts";
import { u32, type Program } from "../../gpu/program.ts";
import type { MeasuredDevice, MeasuredProduct } from "./measure-tiles.ts";
import sampleWgsl from "./sample.wgsl?raw";
import type { Product, ProductSizes, Tile } from "./tiles.ts";
import { productWith, type Epilogue } from "./webgpu.ts";

/** Outputs that are compared: some of each thread of a workgroup. */
const SAMPLES = 4096;
const sample: Program = { name: "matmul sample", wgsl: sampleWgsl };

/** All epilogues of a product: they are other kernels, in which lanes might lie in another order. */
const EPILOGUES: Record<Product, readonly Epilogue[]> = {
  FORWARD: ["storePlain", "storeBias", "storeActivated"],
  INPUT_GRADIENT: ["storePlain", "storeAdded", "storeThrough"],
  WEIGHT_GRADIENT: ["storePlain"],
};

/** The running device as the tuner measures it, by the tiles of one precision. */
export function measuredDevice(gpu: Recorder, precision: Precision = "float32"): MeasuredDevice {
  return {
    kernels: gpu.kernels,
    precision,
    matrices: gpu.matrices,
    hasFeature: (feature) => gpu.hasFeature(feature),
    product: (product, sizes) => measuredProduct(gpu, product, sizes),
    done: () => gpu.done(),
  };
}

function measuredProduct(gpu: Recorder, product: Product, sizes: ProductSizes): MeasuredProduct {
  const { rows, inner, columns } = sizes;
  const a = product === "WEIGHT_GRADIENT" ? filled(inner, rows) : filled(rows, inner);
  const b = product === "FORWARD" ? filled(columns, inner) : filled(inner, columns);
  const places = samplePlaces(rows, columns);
  const numbers = expectedAt(places, product, sizes, a.values, b.values);
  const zeros = { bias: gpu.zeros([columns]), other: gpu.zeros([rows, columns]) };
  const record = (tile: Tile, epilogue: Epilogue = "storePlain"): Tensor => {
    const isBias = epilogue === "storeBias" || epilogue === "storeActivated";
    const extra = epilogue === "storePlain" ? {} : { extra: isBias ? zeros.bias : zeros.other };
    const what = { product, a: a.tensor, b: b.tensor, ...sizes };
    return engine().makeTensorFromTensorInfo(productWith(gpu, tile, what, { epilogue, ...extra }));
  };
  const isRightWith = async (tile: Tile, epilogue: Epilogue): Promise<boolean> => {
    const c = record(tile, epilogue);
    const found = gpu.output([SAMPLES]);
    gpu.dispatch(sample, [c, found], [u32(rows * columns), u32(stepOf(rows, columns))], [SAMPLES / 64]);
    const held = engine().makeTensorFromTensorInfo(found);
    const [values = new Float32Array()] = await gpu.read([held]).finally(() => {
      c.dispose();
      held.dispose();
    });
    return numbers.every((value, i) => Math.abs((values[i] ?? NaN) - value) <= 1e-3 * (1 + Math.abs(value)));
  };
  return {
    record(tile, times) {
      for (let i = 0; i < times; i++) record(tile).dispose();
    },
    async isRight(tile) {
      for (const epilogue of tile.features?.includes("subgroups") ? EPILOGUES[product] : (["storePlain"] as const)) {
        if (!(await isRightWith(tile, epilogue))) return false;
      }
      return true;
    },
    dispose() {
      for (const one of [a.tensor, b.tensor, zeros.bias, zeros.other]) one.dispose();
    },
  };
}

/** Numbers that repeat nowhere near a tile's edge, and that 16 bits hold exactly. */
function filled(rows: number, columns: number): { tensor: Tensor; values: Float32Array } {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => (((i * 7919) % 101) - 50) / 64);
  return { tensor: tensor(values, [rows, columns]), values };
}

/** From one place of the sample to the next: odd, so that the places lie in all columns and rows of a tile. */
function stepOf(rows: number, columns: number): number {
  return Math.floor((rows * columns) / SAMPLES) | 1;
}

function samplePlaces(rows: number, columns: number): number[] {
  return Array.from({ length: SAMPLES }, (_, i) => (i * stepOf(rows, columns)) % (rows * columns));
}

/** Outputs at these places, in double precision. */
function expectedAt(
  places: readonly number[],
  product: Product,
  { rows, inner, columns }: ProductSizes,
  a: Float32Array,
  b: Float32Array,
): number[] {
  const [aRow, aInner] = product === "WEIGHT_GRADIENT" ? [1, rows] : [inner, 1];
  const [bInner, bColumn] = product === "FORWARD" ? [1, inner] : [columns, 1];
  return places.map((at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += (a[row * aRow + k * aInner] ?? NaN) * (b[k * bInner + column * bColumn] ?? NaN);
    return sum;
  });
}
