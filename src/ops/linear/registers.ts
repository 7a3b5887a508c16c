import { scaled } from "./halves.ts";

/**
 * Parts of a kernel's text for what a thread holds in registers. Registers have no index: an array of them is memory on
 * software adapters, and on GPUs only becomes registers where the driver unrolls every loop over it, which some do not.
 * So each register has a name, and the text has a line for each.
 */
export const every = (count: number, line: (i: number) => string, between = "\n    ") =>
  Array.from({ length: count }, (_, i) => line(i)).join(between);

/** The outputs of one thread: rows, and columns in groups of four, which are a vec4. */
export interface Outputs {
  rows: number;
  groups: number;
}

const sum = (row: number, group: number) => `sum${row}_${group}`;

const everySum = ({ rows, groups }: Outputs, line: (row: number, group: number) => string) =>
  every(rows, (row) => every(groups, (group) => line(row, group), " "));

/** Declares the sums; `columnOf` a group is the text for its first column, the first row is called `row`. */
export const beginSums = (outputs: Outputs, columnOf: (group: number) => string, scale = 1) =>
  everySum(outputs, (row, group) => {
    return `var ${sum(row, group)} = ${scaled(`start(row + ${row}u, ${columnOf(group)})`, scale)};`;
  });

/**
 * Adds to the sums of one group the products of `indices` inner indices, in their order: of a number of A for each row
 * and a vec4 of B. One statement for each sum, since software adapters read and write it in memory each time.
 */
export const addProducts = (
  { rows }: Outputs,
  group: number,
  indices: number,
  a: (row: number, index: number) => string,
  b: (index: number) => string,
) =>
  every(rows, (row) => {
    const products = every(indices, (index) => `${a(row, index)} * ${b(index)}`, " + ");
    return `${sum(row, group)} = ${sum(row, group)} + ${products};`;
  });

/** Stores the sums, which were counted times `scale`, by the function `store4`. */
export const storeSums = (outputs: Outputs, columnOf: (group: number) => string, store = "store4(", scale = 1) =>
  everySum(outputs, (row, group) => {
    return `${store}row + ${row}u, ${columnOf(group)}, ${scaled(sum(row, group), 1 / scale)});`;
  });

/** The vec4 of one element of each of four vec4s: a column of the matrix that has them as rows. */
export const gathered = (element: number, vector: (i: number) => string) =>
  `vec4<f32>(${every(4, (i) => `${vector(i)}[${element}]`, ", ")})`;
