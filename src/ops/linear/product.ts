/** The three products of a linear layer, see operands.wgsl. */
export const PRODUCTS = ["FORWARD", "INPUT_GRADIENT", "WEIGHT_GRADIENT"] as const;
export type Product = (typeof PRODUCTS)[number];

/** Output rows, inner length, output columns. */
export interface ProductSizes {
  rows: number;
  inner: number;
  columns: number;
  /** Numbers in a row of y or dy, where the weight comes in parts: see operands.wgsl. */
  stride?: number;
}

/** True where all sizes but the number of tokens are multiples of `count`: tokens may be any number. */
export function isMultiple(product: Product, sizes: ProductSizes, count: number): boolean {
  const { rows, inner, columns, stride = columns } = sizes;
  const features = product === "WEIGHT_GRADIENT" ? rows : inner;
  return [columns, features, stride].every((size) => size % count === 0);
}
