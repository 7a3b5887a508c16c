import type { TileSpeed } from "../../gpu/device.ts";
import type { MatrixComponent } from "../../gpu/subgroup-matrices.ts";
import { scaled, scaleOf } from "./halves.ts";
import operandsWgsl from "./operands.wgsl?raw";
import { every } from "./registers.ts";

type Product = TileSpeed["product"];

/** Rows, columns and inner indices of one matrix. */
const EDGE = 8;
/** A workgroup is 2 × 2 subgroups, each of which has a quarter of the outputs. */
const SUBGROUPS = 4;

/** What a workgroup computes, of which numbers the matrices are, and in how many parts the inner dimension comes. */
interface MatrixTile {
  rows: number;
  columns: number;
  component: MatrixComponent;
  splits: number;
}

/**
 * Inner indices of a round, and numbers between two lines of a block in workgroup memory, so that lines begin in
 * different banks. A line begins at a multiple of 16 bytes, which Vulkan and Direct3D demand.
 */
export const MATRIX_LAYOUT = { f16: { depth: 32, gap: 8 }, f32: { depth: 16, gap: 4 } } as const;

/** A block of one operand as it lies in memory and in workgroup memory: lines of vec4s, one after the other. */
interface Block {
  operand: "a" | "b";
  /** First number of the block in workgroup memory. */
  at: number;
  lines: number;
  /** Numbers of a line. */
  length: number;
  /** Numbers from one line to the next in workgroup memory. */
  stride: number;
  /** The text for the vec4 `wide` of the line `line`; zero past the last inner index. */
  load: string;
  /** Where a matrix begins whose first row (of A) or column (of B) and first inner index are these. */
  matrixAt: (line: string, k: string) => string;
  majorness: "row_major" | "col_major";
}

/** A block with `lines` rows of A or columns of B, which lie along the inner dimension. */
function along(
  operand: "a" | "b",
  at: number,
  lines: number,
  { component }: MatrixTile,
  [first, count, rowLength]: [string, string, string],
): Block {
  const { depth, gap } = MATRIX_LAYOUT[component];
  const stride = depth + gap;
  return {
    operand,
    at,
    lines,
    length: depth,
    stride,
    load: `let k4 = first_inner / 4u + wide;
      if (k4 < sizes.inner / 4u) { value = ${operand}[min(${first} + line, ${count} - 1u) * (${rowLength} / 4u) + k4]; }`,
    matrixAt: (line, k) => `${at}u + (${line}) * ${stride}u + ${k}`,
    majorness: operand === "a" ? "row_major" : "col_major",
  };
}

/** A block with `length` rows of A or columns of B, which lie across the inner dimension. */
function across(
  operand: "a" | "b",
  at: number,
  length: number,
  { component }: MatrixTile,
  [first, count, rowLength]: [string, string, string],
): Block {
  const { depth, gap } = MATRIX_LAYOUT[component];
  const stride = length + gap;
  return {
    operand,
    at,
    lines: depth,
    length,
    stride,
    load: `let k = first_inner + line;
      if (k < sizes.inner) { value = ${operand}[k * (${rowLength} / 4u) + min(${first} / 4u + wide, ${count} / 4u - 1u)]; }`,
    matrixAt: (line, k) => `${at}u + (${k}) * ${stride}u + ${line}`,
    majorness: operand === "a" ? "col_major" : "row_major",
  };
}

/** How the operands of each product lie, see operands.wgsl. */
function blocksOf(product: Product, tile: MatrixTile): { a: Block; b: Block; size: number } {
  const rows = (length: string): [string, string, string] => ["first_row", "sizes.rows", length];
  const columns = (length: string): [string, string, string] => ["first_column", "sizes.columns", length];
  const a = {
    FORWARD: () => along("a", 0, tile.rows, tile, rows("sizes.inner")),
    INPUT_GRADIENT: () => along("a", 0, tile.rows, tile, rows("sizes.stride")),
    WEIGHT_GRADIENT: () => across("a", 0, tile.rows, tile, rows("sizes.stride")),
  }[product]();
  const at = a.lines * a.stride;
  const b =
    product === "FORWARD"
      ? along("b", at, tile.columns, tile, columns("sizes.inner"))
      : across("b", at, tile.columns, tile, columns("sizes.columns"));
  return { a, b, size: at + b.lines * b.stride };
}

/** Each thread copies some vec4s of a block, times `scale`, to workgroup memory. */
function copy({ at, lines, length, stride, load }: Block, scale: number): string {
  const count = (lines * length) / 4;
  return `for (var i = 0u; i < (${count}u + THREADS - 1u) / THREADS; i++) {
      let block = thread + i * THREADS;
      if (${count}u % THREADS == 0u || block < ${count}u) {
        let line = block / ${length / 4}u;
        let wide = block % ${length / 4}u;
        var value = vec4<f32>();
        ${load}
        let numbers = vec4<component>(${scaled("value", scale)});
        let at = ${at}u + line * ${stride}u + 4u * wide;
        ${every(4, (i) => `blocks[at + ${i}u] = numbers[${i}];`, " ")}
      }
    }`;
}

/** Stores one row of each subgroup's matrices, which lie in `sums` times `scale`, by the epilogue. */
const storeBand = ({ rows, columns, splits }: MatrixTile, scale: number) => {
  const [high, wide] = [rows / 2, columns / 2];
  const count = SUBGROUPS * EDGE * (wide / 4);
  return `fn store_band(part: u32, first_row: u32, first_column: u32, band: u32, thread: u32) {
  for (var i = 0u; i < (${count}u + THREADS - 1u) / THREADS; i++) {
    let at = thread + i * THREADS;
    if (${count}u % THREADS == 0u || at < ${count}u) {
      let subgroup = at / ${(EDGE * wide) / 4}u;
      let row = first_row + (subgroup / 2u) * ${high}u + band * ${EDGE}u + (at / ${wide / 4}u) % ${EDGE}u;
      let column = first_column + (subgroup % 2u) * ${wide}u + 4u * (at % ${wide / 4}u);
      let sum = vec4<f32>(${every(4, (i) => `sums[4u * at + ${i}u]`, ", ")});
      ${splits > 1 ? "store_part(part, " : "store4("}row, column, start(row, column) + ${scaled("sum", 1 / scale)});
    }
  }
}`;
};

function kernel(product: Product, tile: MatrixTile): string {
  const { rows, columns, component, splits } = tile;
  const { depth } = MATRIX_LAYOUT[component];
  const scale = component === "f16" ? scaleOf(product) : 1;
  const [high, wide] = [rows / 2 / EDGE, columns / 2 / EDGE];
  const { a, b, size } = blocksOf(product, tile);
  const matrix = (kind: string, { matrixAt, majorness, stride }: Block, line: string) =>
    `subgroupMatrixLoad<${kind}, ${majorness}>(&blocks, ${matrixAt(line, "k")}, ${stride}u)`;
  return `${operandsWgsl}
alias component = ${component};
alias left = subgroup_matrix_left<component, ${EDGE}, ${EDGE}>;
alias right = subgroup_matrix_right<component, ${EDGE}, ${EDGE}>;
alias result = subgroup_matrix_result<f32, ${EDGE}, ${EDGE}>;
const THREADS = ${SUBGROUPS}u * SUBGROUP_SIZE;
// A block of A, behind it one of B, each as it lies in memory.
var<workgroup> blocks: array<component, ${size}>;
// A row of matrices of each subgroup.
var<workgroup> sums: array<f32, ${SUBGROUPS * EDGE * EDGE * wide}>;
// For the sums of the bias alone.
var<workgroup> tile: array<element, THREADS>;

${storeBand(tile, scale)}

@compute @workgroup_size(THREADS)
@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32, @builtin(subgroup_id) subgroup: u32) {
  if (PRODUCT == WEIGHT_GRADIENT && group.y < sizes.bias_rows) {
    bias_sums(group, groups, thread);
    return;
  }
  let tile_row = group.y - sizes.bias_rows;
  let tiles_high = (sizes.rows + ${rows - 1}u) / ${rows}u;
  let part = tile_row / tiles_high;
  let first_row = (tile_row % tiles_high) * ${rows}u;
  let first_column = group.x * ${columns}u;
  let own_row = (subgroup / 2u) * ${rows / 2}u;
  let own_column = (subgroup % 2u) * ${columns / 2}u;
  let rounds = (sizes.inner + ${depth - 1}u) / ${depth}u;
  let rounds_of_part = (rounds + ${splits - 1}u) / ${splits}u;
  let first_round = part * rounds_of_part;
  let end_round = min(first_round + rounds_of_part, rounds);
  ${every(high, (i) => every(wide, (j) => `var sum${i}_${j}: result;`, " "))}
  for (var round = first_round; round < end_round; round++) {
    let first_inner = round * ${depth}u;
    workgroupBarrier(); // all have read the round before
    ${copy(a, scale)}
    ${copy(b, 1)}
    workgroupBarrier();
    for (var step = 0u; step < ${depth / EDGE}u; step++) {
      let k = step * ${EDGE}u;
      ${every(high, (i) => `let a${i} = ${matrix("left", a, `own_row + ${i * EDGE}u`)};`)}
      ${every(wide, (j) => `let b${j} = ${matrix("right", b, `own_column + ${j * EDGE}u`)};`)}
      ${every(high, (i) => every(wide, (j) => `sum${i}_${j} = subgroupMatrixMultiplyAccumulate(a${i}, b${j}, sum${i}_${j});`))}
    }
  }
  ${every(
    high,
    (i) => `workgroupBarrier();
    ${every(
      wide,
      (j) =>
        `subgroupMatrixStore<row_major>(&sums, subgroup * ${EDGE * EDGE * wide}u + ${j * EDGE}u, sum${i}_${j}, ${EDGE * wide}u);`,
    )}
    workgroupBarrier();
    store_band(part, first_row, first_column, ${i}u, thread);`,
  )}
}
`;
}

/**
 * The texts of a tile whose sums are matrices of 8 × 8 that the threads of a subgroup hold together, for GPUs that
 * multiply such matrices by circuits of their own. In each round the threads copy a block of A and of B to workgroup
 * memory, in the order in which they lie in memory: which way round a matrix lies is said when it is loaded. Past the
 * edges blocks are zero or repeat the last line, and the sums go through workgroup memory to the epilogue, which takes
 * them in any order.
 *
 * The text needs SUBGROUP_SIZE, which all subgroups of the device have: a matrix belongs to one of them. Sums are of 32
 * bits whatever the matrices' numbers are; in which order one matrix product is added up is the GPU's own matter. With
 * `splits` > 1 as in `tile-shared.ts`. Method: NVIDIA, "CUTLASS: Fast Linear Algebra in CUDA C++" (2017), warp tiles by
 * WMMA; WGSL by the draft https://github.com/gpuweb/gpuweb/blob/main/proposals/subgroup-matrix.md.
 */
export function matrixTile(tile: MatrixTile): Record<Product, string> {
  return {
    FORWARD: kernel("FORWARD", tile),
    INPUT_GRADIENT: kernel("INPUT_GRADIENT", tile),
    WEIGHT_GRADIENT: kernel("WEIGHT_GRADIENT", tile),
  };
}
