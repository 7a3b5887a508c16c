import { every } from "./registers.ts";

/** Rows and groups of four columns that one thread computes: more registers than these no longer fit a core's cache. */
const ROWS = 32;
const GROUPS = 2;
/** Rows of A that one lane of a quad loads for all four. */
const OWN = ROWS / 4;
/** Every access of A and B is to this many numbers in a row, so sizes must be multiples of it. */
export const QUAD_MULTIPLE = 8;

/** Outputs of a workgroup, which is one quad. */
export const QUAD_TILE = { rows: ROWS, columns: 16 * GROUPS };

/** What lane ^ turn has: one move of a register, where `quadBroadcast` takes sixteen instructions. */
const turned = (turn: number, value: string) =>
  turn === 0 ? value : `${["quadSwapX", "quadSwapY", "quadSwapDiagonal"][turn - 1]}(${value})`;

// Rows are counted by the lane that loads them: `turn` lanes on, `own` of its rows.
const sum = (turn: number, own: number, group: number) => `sum${turn}_${own}_${group}`;
const rowOf = (turn: number, own: number) => `first_row + (lane ^ ${turn}u) * ${OWN}u + ${own}u`;
const everyRow = (line: (turn: number, own: number) => string) =>
  every(OWN, (own) => every(4, (turn) => line(turn, own)));

/** Adds the products of one lane's row and of those that the other three lanes have at its place. */
const addProducts = (own: number, [first, second]: [string, string], rowsOfB: boolean) => {
  const product = (a: string, b: string) => (rowsOfB ? `${a} * ${b}` : `${b} * ${a}`);
  return every(
    4,
    (turn) => `{
      let p = ${turned(turn, first)};
      let q = ${turned(turn, second)};
      ${every(GROUPS, (group) => `${sum(turn, own, group)} += ${product("p", `b0_${group}`)} + ${product("q", `b1_${group}`)};`)}
    }`,
  );
};

/** B's blocks of 4 × 4 from pairs of vec4s: `pair` and the place in it of row i of block (half, group). */
const blocks = (entry: (half: number, group: number, i: number) => string) =>
  every(2, (half) =>
    every(GROUPS, (group) => `let b${half}_${group} = mat4x4<f32>(${every(4, (i) => entry(half, group, i), ", ")});`),
  );

const addOwnRows = (rowsOfB: boolean) =>
  every(
    OWN,
    (own) => `let row${own} = &a[a_at${own} + k];
    ${addProducts(own, [`(*row${own})[0]`, `(*row${own})[1]`], rowsOfB)}`,
  );

/** y = x · wᵀ: pairs of A and of B lie along the inner dimension; rows of w are the blocks' columns. */
const forward = `
  let inner8 = sizes.inner >> 3u;
  let last_column = sizes.columns - 1u;
  ${every(OWN, (own) => `let a_at${own} = min(own_row + ${own}u, last_row) * inner8;`)}
  ${every(4 * GROUPS, (i) => `let b_at${i} = min(column + ${i}u, last_column) * inner8;`)}
  for (var k = 0u; k < inner8; k++) {
    ${every(4 * GROUPS, (i) => `let pair${i} = &b[b_at${i} + k];`)}
    ${blocks((half, group, i) => `(*pair${4 * group + i})[${half}]`)}
    ${addOwnRows(true)}
  }`;

/** dx = dy · w: pairs of A lie along the inner dimension, those of B along the columns. */
const inputGradient = `
  let inner8 = sizes.inner >> 3u;
  let stride8 = sizes.stride >> 3u;
  let columns8 = sizes.columns >> 3u;
  let b_column = min(column >> 3u, columns8 - 1u);
  ${every(OWN, (own) => `let a_at${own} = min(own_row + ${own}u, last_row) * stride8;`)}
  for (var k = 0u; k < inner8; k++) {
    ${every(8, (i) => `let pair${i} = &b[(8u * k + ${i}u) * columns8 + b_column];`)}
    ${blocks((half, group, i) => `(*pair${4 * half + i})[${group}]`)}
    ${addOwnRows(false)}
  }`;

/** dw = dyᵀ · x: pairs of A lie along its rows, those of B along the columns; A is zero past the last token. */
const weightGradient = `
  let stride8 = sizes.stride >> 3u;
  let columns8 = sizes.columns >> 3u;
  let a_row = min(own_row >> 3u, (sizes.rows >> 3u) - 1u);
  let b_column = min(column >> 3u, columns8 - 1u);
  let last = sizes.inner - 1u;
  for (var k = 0u; k <= last; k += 8u) {
    ${every(8, (i) => `let k${i} = min(k + ${i}u, last);`)}
    ${every(8, (i) => `let inside${i} = f32(k + ${i}u <= last);`)}
    ${every(8, (i) => `let own${i} = &a[k${i} * stride8 + a_row]; let pair${i} = &b[k${i} * columns8 + b_column];`)}
    ${blocks((half, group, i) => `(*pair${4 * half + i})[${group}]`)}
    ${every(2, (place) =>
      every(
        2,
        (half) =>
          `let a${half}_${place} = transpose(mat4x4<f32>(${every(4, (i) => `(*own${4 * half + i})[${place}] * inside${4 * half + i}`, ", ")}));`,
      ),
    )}
    ${every(OWN, (own) => addProducts(own, [`a0_${own >> 2}[${own % 4}]`, `a1_${own >> 2}[${own % 4}]`], false))}
  }`;

const kernel = (addUp: string) => `
alias element = vec4<f32>;
const SHIFT = 2u;
struct Sizes { rows: u32, inner: u32, columns: u32, stride: u32, bias_rows: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<array<vec4<f32>, 2>>;
@group(0) @binding(2) var<storage, read> b: array<array<vec4<f32>, 2>>;

const THREADS = 4u;
var<workgroup> tile: array<element, THREADS>; // for the sums of the bias alone
fn gradient_at(token: u32, n: u32) -> vec4<f32> { return a[token * (sizes.stride >> 3u) + (n >> 1u)][n & 1u]; }

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  if (PRODUCT == WEIGHT_GRADIENT && group.y < sizes.bias_rows) {
    bias_sums(group, groups, lane);
    return;
  }
  let first_row = (group.y - sizes.bias_rows) * ${ROWS}u;
  let own_row = first_row + lane * ${OWN}u;
  let column = (group.x * 4u + lane) * ${4 * GROUPS}u;
  let last_row = sizes.rows - 1u;
  ${everyRow((turn, own) => every(GROUPS, (group) => `var ${sum(turn, own, group)} = start(${rowOf(turn, own)}, column + ${4 * group}u);`))}
  ${addUp}
  if (column > sizes.columns - 8u) { return; }
  ${everyRow(
    (turn, own) => `{
    let row = ${rowOf(turn, own)};
    if (row <= last_row) { ${every(GROUPS, (group) => `store(row, column + ${4 * group}u, ${sum(turn, own, group)});`)} }
  }`,
  )}
}
`;

/**
 * A tile of 32 rows × 8 columns per thread, in which the four threads of a quad have the same rows: each loads a quarter of
 * A's rows and gets the others' by `quadSwap…`, so that its sums are of rows in another order than its neighbours'. For
 * software adapters: there a load costs as much as ten multiplications, each index into an array a division, each
 * uniform that is read in a loop as much as a load, and what a loop carries is copied three times in each turn. Hence pairs of
 * vec4s, one index each, and eight inner indices a turn. Otherwise the method of `tile-direct.ts`.
 */
export const quadTile = {
  FORWARD: kernel(forward),
  INPUT_GRADIENT: kernel(inputGradient),
  WEIGHT_GRADIENT: kernel(weightGradient),
};
