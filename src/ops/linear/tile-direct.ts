import type { TileSpeed } from "../../gpu/device.ts";
import { scaled, scaleOf } from "./halves.ts";
import operandsWgsl from "./operands.wgsl?raw";
import { addProducts, beginSums, every, gathered, storeSums, type Outputs } from "./registers.ts";

type Product = TileSpeed["product"];

/** What a product's text does before its loop and, for the four inner indices from 4 · k on, in it. */
interface Loop {
  /** Where rows and groups of columns begin in memory. */
  places: string;
  loadA: string;
  /** The number of A for a row at one of the four inner indices. */
  a: (row: number, index: number) => string;
  /** Loads the vec4s `bAt` of a group. */
  loadB: (group: number) => string;
  /** After the loop: inner indices that are left, where their number is no multiple of four. */
  rest?: string;
}

/** Outputs of a thread, and whether it rounds what it loads to 16 bits. */
interface DirectTile extends Outputs {
  halves?: boolean;
}

/** The text of a vec4 of A or B at a place. */
type Load = (operand: "a" | "b", place: string) => string;

/** B's vec4 for a group at one of the four inner indices. */
const bAt = (index: number, group: number) => `b${index}_${group}`;

/** A lies along the inner dimension: one vec4 has a row's numbers at all four inner indices. */
const aAlongInner = (rows: number, rowLength: string, load: Load) => ({
  places: every(rows, (row) => `let a_at${row} = min(row + ${row}u, last_row) * (${rowLength} >> 2u);`),
  loadA: every(rows, (row) => `let a${row} = ${load("a", `a_at${row} + k`)};`),
  a: (row: number, index: number) => `a${row}[${index}]`,
});

/** B lies along the columns: one vec4 is a group at one inner index. */
const bAlongColumns = (groups: number, load: Load) => ({
  places: `let columns4 = sizes.columns >> 2u;
    ${every(groups, (group) => `let b_at${group} = min((column >> 2u) + ${group}u, columns4 - 1u);`)}`,
  load: (index: number, group: number, at: string) =>
    `let ${bAt(index, group)} = ${load("b", `(${at}) * columns4 + b_at${group}`)};`,
});

const LOOPS: Record<Product, (outputs: Outputs, load: Load) => Loop> = {
  // Rows of w are columns of B: four of them make the vec4s of a group.
  FORWARD({ rows, groups }, load) {
    const { places, ...a } = aAlongInner(rows, "sizes.inner", load);
    return {
      places: `${places}
    let last_column = sizes.columns - 1u;
    ${every(4 * groups, (i) => `let w_at${i} = min(column + ${i}u, last_column) * (sizes.inner >> 2u);`)}`,
      ...a,
      loadB: (group) => `${every(4, (i) => `let w${4 * group + i} = ${load("b", `w_at${4 * group + i} + k`)};`)}
    ${every(4, (index) => `let ${bAt(index, group)} = ${gathered(index, (i) => `w${4 * group + i}`)};`)}`,
    };
  },

  INPUT_GRADIENT({ rows, groups }, load) {
    const { places, ...a } = aAlongInner(rows, "sizes.stride", load);
    const b = bAlongColumns(groups, load);
    const loadB = (group: number) => every(4, (index) => b.load(index, group, `4u * k + ${index}u`));
    return { places: `${places}\n    ${b.places}`, ...a, loadB };
  },

  // A lies along its rows: one vec4 has four rows at one inner index, which is a token, of which there is any number.
  WEIGHT_GRADIENT(outputs, load) {
    const { rows, groups } = outputs;
    const b = bAlongColumns(groups, load);
    const a = (row: number, index: number) => `a${index}_${row >> 2}[${row % 4}]`;
    const loadToken = (index: number, token: string) =>
      every(rows / 4, (i) => `let a${index}_${i} = ${load("a", `(${token}) * stride4 + a_at${i}`)};`);
    return {
      places: `let stride4 = sizes.stride >> 2u;
    ${every(rows / 4, (i) => `let a_at${i} = min((row >> 2u) + ${i}u, (sizes.rows >> 2u) - 1u);`)}
    ${b.places}`,
      loadA: every(4, (index) => loadToken(index, `4u * k + ${index}u`)),
      a,
      loadB: (group) => every(4, (index) => b.load(index, group, `4u * k + ${index}u`)),
      rest: `let left = sizes.inner & 3u;
  for (var i = 0u; i < left; i++) {
    let token = 4u * steps + i;
    ${loadToken(0, "token")}
    ${every(
      groups,
      (group) => `${b.load(0, group, "token")}
    ${addProducts(outputs, group, 1, a, () => bAt(0, group))}`,
    )}
  }`,
    };
  },
};

/** To 16 bits and back, which as a conversion of types compilers leave out, and which as `quantizeToF16` flushes small numbers. */
const ROUNDED = `
fn rounded(v: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(pack2x16float(v.xy)), unpack2x16float(pack2x16float(v.zw)));
}
`;

function kernel(product: Product, { halves = false, ...outputs }: DirectTile): string {
  const scale = halves ? scaleOf(product) : 1;
  const load: Load = (operand, place) => {
    const loaded = `${operand}[${place}]`;
    return halves ? `rounded(${scaled(loaded, operand === "a" ? scale : 1)})` : loaded;
  };
  const { places, loadA, a, loadB, rest = "" } = LOOPS[product](outputs, load);
  const columnOf = (group: number) => `column + ${4 * group}u`;
  return `${operandsWgsl}${halves ? ROUNDED : ""}
// For the sums of the bias alone.
const THREADS = 64u;
var<workgroup> tile: array<element, THREADS>;

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_id) local: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  if (PRODUCT == WEIGHT_GRADIENT && group.y < sizes.bias_rows) {
    bias_sums(group, groups, thread);
    return;
  }
  let row = ((group.y - sizes.bias_rows) * 8u + local.y) * ${outputs.rows}u;
  let column = (group.x * 8u + local.x) * ${4 * outputs.groups}u;
  if (row >= sizes.rows || column >= sizes.columns) { return; }
  let last_row = sizes.rows - 1u;
    ${beginSums(outputs, columnOf, scale)}
    ${places}
  let steps = sizes.inner >> 2u;
  for (var k = 0u; k < steps; k++) {
    ${loadA}
    ${every(
      outputs.groups,
      (group) => `${loadB(group)}
    ${addProducts(outputs, group, 4, a, (index) => bAt(index, group))}`,
    )}
  }
  ${rest}
    ${storeSums(outputs, columnOf, "store4(", scale)}
}
`;
}

/**
 * The texts of a tile that each thread computes by itself, straight from storage: no workgroup memory, no barrier, no
 * feature. A workgroup is 8 × 8 threads, whose loads meet in the caches. Small ones are for GPUs whose workgroup memory
 * is no faster than their cache (Apple, Adreno), the largest for software adapters, where a load costs as much as ten
 * multiplications. Each output is one sum in the order of the inner index. Method: register tiling, as in Goto &
 * van de Geijn, "Anatomy of high-performance matrix multiplication" (2008).
 *
 * The loop counts by one up to a value that is fixed before it: only of such loops Tint knows that they end; it adds a
 * 64-bit counter to all others.
 */
export function directTile(tile: DirectTile): Record<Product, string> {
  return {
    FORWARD: kernel("FORWARD", tile),
    INPUT_GRADIENT: kernel("INPUT_GRADIENT", tile),
    WEIGHT_GRADIENT: kernel("WEIGHT_GRADIENT", tile),
  };
}
