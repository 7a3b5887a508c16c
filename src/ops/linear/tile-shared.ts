import type { TileSpeed } from "../../gpu/device.ts";
import { scaled, scaleOf } from "./halves.ts";
import operandsWgsl from "./operands.wgsl?raw";
import { addProducts, beginSums, every, gathered, storeSums, type Outputs } from "./registers.ts";

type Product = TileSpeed["product"];

/** Inner indices of a round. */
const DEPTH = 16;
/** Blocks of four of them. */
const BLOCKS_DEEP = DEPTH / 4;

/** What a workgroup computes, how many outputs a thread, and in how many parts the inner dimension comes. */
interface SharedTile {
  rows: number;
  columns: number;
  outputs: Outputs;
  splits: number;
  /** Whether workgroup memory has 16 bits for a number. */
  halves?: boolean;
}

/** Registers of a thread's next block `slot`: four vec4s, one for each inner index. */
const next = (slot: number, i: number) => `next${slot}_${i}`;

/**
 * Loads four vec4s along the inner dimension, of four rows of A or four columns of B, and turns them: the registers then
 * have four rows or columns at one inner index each. Zero past the last inner index.
 */
const loadTurned = (
  slot: number,
  operand: "a" | "b",
  rowLength: string,
  last: string,
) => `let k = first + block % ${BLOCKS_DEEP}u;
      if (k < steps) {
        let line = 4u * (lines + block / ${BLOCKS_DEEP}u);
        ${every(4, (i) => `let v${i} = ${operand}[min(line + ${i}u, ${last}) * (${rowLength} >> 2u) + k];`, "\n        ")}
        ${every(4, (i) => `${next(slot, i)} = ${gathered(i, (j) => `v${j}`)};`, "\n        ")}
      } else {
        ${every(4, (i) => `${next(slot, i)} = vec4<f32>();`, "\n        ")}
      }`;

/** Loads four vec4s that lie across the inner dimension, one for each inner index. Zero past the last one. */
const loadStraight = (slot: number, operand: "a" | "b", blocksWide: number, rowLength: string, count: string) =>
  `let k = 4u * (first + block / ${blocksWide}u);
      let line = min(lines + block % ${blocksWide}u, (${count} >> 2u) - 1u);
      ${every(4, (i) => `${next(slot, i)} = select(vec4<f32>(), ${operand}[min(k + ${i}u, last_inner) * (${rowLength} >> 2u) + line], k + ${i}u <= last_inner);`, "\n      ")}`;

/** Loads block number `block` of A or of B: 4 inner indices × 4 rows or columns. */
function load(product: Product, slot: number, operand: "a" | "b", { rows, columns }: SharedTile): string {
  if (operand === "a") {
    const lines = `let lines = first_row >> 2u;`;
    return product === "WEIGHT_GRADIENT"
      ? `${lines} ${loadStraight(slot, "a", rows / 4, "sizes.stride", "sizes.rows")}`
      : `${lines} ${loadTurned(slot, "a", product === "FORWARD" ? "sizes.inner" : "sizes.stride", "sizes.rows - 1u")}`;
  }
  const lines = `let lines = first_column >> 2u;`;
  return product === "FORWARD"
    ? `${lines} ${loadTurned(slot, "b", "sizes.inner", "sizes.columns - 1u")}`
    : `${lines} ${loadStraight(slot, "b", columns / 4, "sizes.columns", "sizes.columns")}`;
}

/** Writes a block to workgroup memory; only here it is rounded, so that no thread waits for its loads before the sums. */
function put(product: Product, slot: number, operand: "a" | "b", { rows, columns, halves }: SharedTile): string {
  const [from, wide] = operand === "a" ? [0, rows / 4] : [(DEPTH * rows) / 4, columns / 4];
  const isTurned = product === "FORWARD" || (product === "INPUT_GRADIENT" && operand === "a");
  const [deep, across] = isTurned
    ? [`block % ${BLOCKS_DEEP}u`, `block / ${BLOCKS_DEEP}u`]
    : [`block / ${wide}u`, `block % ${wide}u`];
  const scale = operand === "a" ? scaleOf(product) : 1;
  const put = (i: number) => (halves ? `vec4<f16>(${scaled(next(slot, i), scale)})` : next(slot, i));
  return `let at = ${from}u + 4u * (${deep}) * ${wide}u + ${across};
      ${every(4, (i) => `${halves ? "halves" : "tile"}[at + ${i * wide}u] = ${put(i)};`, "\n      ")}`;
}

/**
 * What each thread does with its blocks: those of A come first, then those of B. A thread has the blocks `thread`,
 * `thread` + THREADS and so on, of which some are of A, some of B, and some are none, known here where all threads have
 * the same.
 */
function everyBlock(
  { rows, columns }: SharedTile,
  threads: number,
  work: (slot: number, operand: "a" | "b") => string,
): string {
  const [ofA, ofB] = [(BLOCKS_DEEP * rows) / 4, (BLOCKS_DEEP * columns) / 4];
  return every(Math.ceil((ofA + ofB) / threads), (slot) => {
    const [from, until] = [slot * threads, (slot + 1) * threads];
    const isMixed = from < ofA && until > ofA;
    const a = `let block = thread + ${from}u; ${work(slot, "a")}`;
    // Unsigned: where the thread's number is less than `ofA - from`, it is of A.
    const b = `let block = thread + ${from}u - ${ofA}u; ${work(slot, "b")}`;
    const guarded = until > ofA + ofB ? `if (thread < ${ofA + ofB - from}u) { ${b} }` : `{ ${b} }`;
    if (isMixed) return `if (thread < ${ofA - from}u) { ${a} } else ${guarded}`;
    return until <= ofA ? `{ ${a} }` : guarded;
  });
}

function kernel(product: Product, tile: SharedTile): string {
  const { rows, columns, outputs, splits, halves = false } = tile;
  const scale = halves ? scaleOf(product) : 1;
  const [wide, high] = [columns / (4 * outputs.groups), rows / outputs.rows];
  const threads = wide * high;
  const [rows4, columns4] = [rows / 4, columns / 4];
  const columnOf = (group: number) => `column + ${4 * wide * group}u`;
  const loadAll = everyBlock(tile, threads, (slot, operand) => load(product, slot, operand, tile));
  const vectors = DEPTH * (rows4 + columns4);
  const read = (at: string) => (halves ? `vec4<f32>(halves[${at}])` : `tile[${at}]`);
  const slots = Math.ceil((BLOCKS_DEEP * (rows4 + columns4)) / threads);
  return `${operandsWgsl}
// A's rows in groups of four at inner index k from k · ${rows4} on, and behind them B's columns alike.
${halves ? `var<workgroup> halves: array<vec4<f16>, ${vectors}>;\n// For the sums of the bias alone.` : ""}
var<workgroup> tile: array<vec4<f32>, ${halves ? threads : vectors}>;
const THREADS = ${threads}u;

@compute @workgroup_size(${wide}, ${high})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_id) local: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  if (PRODUCT == WEIGHT_GRADIENT && group.y < sizes.bias_rows) {
    bias_sums(group, groups, thread);
    return;
  }
  let tile_row = group.y - sizes.bias_rows;
  let tiles_high = (sizes.rows + ${rows - 1}u) / ${rows}u;
  let part = tile_row / tiles_high;
  let first_row = (tile_row % tiles_high) * ${rows}u;
  let first_column = group.x * ${columns}u;
  let row = first_row + local.y * ${outputs.rows}u;
  let column = first_column + local.x * 4u;
  let last_inner = sizes.inner - 1u;
  let steps = sizes.inner >> 2u;
  let rounds = (sizes.inner + ${DEPTH - 1}u) / ${DEPTH}u;
  let rounds_of_part = (rounds + ${splits - 1}u) / ${splits}u;
  let first_round = part * rounds_of_part;
  let end_round = min(first_round + rounds_of_part, rounds);
    ${beginSums(outputs, columnOf, scale)}
    ${every(slots, (slot) => every(4, (i) => `var ${next(slot, i)}: vec4<f32>;`, " "))}
  {
    let first = first_round * ${BLOCKS_DEEP}u;
    ${loadAll}
  }
  for (var round = first_round; round < end_round; round++) {
    workgroupBarrier(); // all have read the round before
    ${everyBlock(tile, threads, (slot, operand) => put(product, slot, operand, tile))}
    workgroupBarrier();
    if (round + 1u < end_round) {
      let first = (round + 1u) * ${BLOCKS_DEEP}u;
      ${loadAll}
    }
    for (var k = 0u; k < ${DEPTH}u; k++) {
      ${every(outputs.rows / 4, (i) => `let a${i} = ${read(`k * ${rows4}u + local.y * ${outputs.rows / 4}u + ${i}u`)};`)}
      ${every(
        outputs.groups,
        (i) => `let b${i} = ${read(`${DEPTH * rows4}u + k * ${columns4}u + local.x + ${wide * i}u`)};
    ${addProducts(
      outputs,
      i,
      1,
      (row) => `a${row >> 2}[${row % 4}]`,
      () => `b${i}`,
    )}`,
      )}
    }
  }
    ${storeSums(outputs, columnOf, splits > 1 ? "store_part(part, " : "store4(", scale)}
}
`;
}

/**
 * The texts of a tile that the threads of a workgroup compute together from workgroup memory: for GPUs, whose threads
 * share what one of them loads. A software adapter has nothing to share and is several times slower with it.
 *
 * In each round the threads put sixteen inner indices of A and of B into workgroup memory, begin to load those of the
 * next round into registers, and meanwhile add up: memory answers while they compute. Blocks of 4 × 4 are turned in
 * registers where the operand lies along the inner dimension, so that a thread reads its four rows or columns at one
 * inner index as one vec4. Each output is one sum in the order of the inner index. Method: NVIDIA, "CUTLASS: Fast Linear
 * Algebra in CUDA C++" (2017), threadblock and thread tiles, and its prefetch into registers.
 *
 * With `splits` > 1 the inner dimension comes in that many parts, each of workgroups of its own, which store their sums
 * by `store_part`; sum-parts.wgsl adds them, always in the same order. For products of few outputs, whose tiles alone
 * do not fill a GPU.
 *
 * With `halves` workgroup memory holds float16, half the bytes of which a thread reads most; see halves.ts.
 */
export function sharedTile(tile: SharedTile): Record<Product, string> {
  return {
    FORWARD: kernel("FORWARD", tile),
    INPUT_GRADIENT: kernel("INPUT_GRADIENT", tile),
    WEIGHT_GRADIENT: kernel("WEIGHT_GRADIENT", tile),
  };
}
