import type { Bound, Range, Recorder, Work } from "../../gpu/device.ts";
import type { Product, ProductSizes } from "./tiles.ts";

/** WebGPU wants offsets that are multiples of 256 bytes: 64 numbers, which 64 rows of any width are. */
const STEP = 64;

/** Rows of a product that one dispatch computes, and what it binds. */
interface RowBlock {
  rows: number;
  bound: Bound[];
  work: Work;
}

const workOf = (rows: number, inner: number, columns: number): Work => ({
  flops: 2 * rows * inner * columns,
  bytes: 4 * (rows * inner + inner * columns + rows * columns),
});

/**
 * Divides a product into dispatches of some of its output rows, where it would hold the GPU for too long: one in most
 * cases. Each output is the same sum in any block, so that no bit depends on the division.
 *
 * @param bound A, B and the outputs, with what the epilogue reads, as the kernels bind them
 * @param what.stride numbers in a row of y or dy
 */
export function rowBlocks(
  gpu: Pick<Recorder, "partsFor">,
  { product, rows, inner, columns, stride }: Required<Omit<ProductSizes, "capacity">> & { product: Product },
  bound: Bound[],
): RowBlock[] {
  const work = workOf(rows, inner, columns);
  const most = Math.max(STEP, Math.ceil(rows / gpu.partsFor(work) / STEP) * STEP);
  if (rows <= most) return [{ rows, bound, work }];
  // By binding, how far a row is from the next one; 0 for what all rows share.
  const widths: Record<Product, number[]> = {
    FORWARD: [inner, 0, 0, stride, stride],
    INPUT_GRADIENT: [stride, 0, columns, columns],
    WEIGHT_GRADIENT: [1, 0, columns, 1],
  };
  return Array.from({ length: Math.ceil(rows / most) }, (_, i) => {
    const some = Math.min(most, rows - i * most);
    const ofBlock = bound.map((one, binding) => from(one, i * most * (widths[product][binding] ?? 0)));
    return { rows: some, bound: ofBlock, work: workOf(some, inner, columns) };
  });
}

/** What a dispatch binds, from a number on. */
function from(bound: Bound, shift: number): Bound {
  if (shift === 0) return bound;
  const { tensor, first, count }: Range =
    "tensor" in bound ? bound : { tensor: bound, first: 0, count: bound.shape.reduce((a, b) => a * b, 1) };
  return { tensor, first: first + shift, count: count - shift };
}
