// Products of tiles by subgroups that multiply matrices of 8 × 8: 16 of them, of which each subgroup has its share. The
// sums go through workgroup memory to the threads, of which each has 4 × 4 of them as in products-by-threads.wgsl.
//
// `component` is what the matrices consist of, SUBGROUP_SIZE the threads of every subgroup.

struct Thread {
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(subgroup_id) subgroup: u32,
}
var<private> own_subgroup: u32;
fn begin(thread: Thread) { own_subgroup = thread.subgroup; }

alias left = subgroup_matrix_left<component, 8, 8>;
alias right = subgroup_matrix_right<component, 8, 8>;
alias result = subgroup_matrix_result<f32, 8, 8>;

// Matrices of the sums that a subgroup has in one product, at least one. So many lie side by side …
const OWN = max(SUBGROUP_SIZE / 4u, 1u);
const WIDE = min(OWN, 4u);
// … in so many rows.
const HIGH = OWN / WIDE;

// Three tiles of 32 rows of 32 numbers. The next row begins in another bank.
const STRIDE = 32u + GAP;
const TILE = SIDE * STRIDE;
const A = 0u;
const B = TILE;
const C = 2u * TILE;
var<workgroup> tiles: array<component, 3u * TILE>;
const SUM_STRIDE = 36u;
var<workgroup> products: array<f32, SIDE * SUM_STRIDE>;

// Puts four vec4s into rows 4·row4 … of a tile.
fn put(tile: u32, row4: u32, column: u32, block: mat4x4<f32>) {
  for (var i = 0u; i < 4u; i++) {
    let at = tile + (4u * row4 + i) * STRIDE + 4u * column;
    let numbers = vec4<component>(block[i]);
    tiles[at] = numbers.x;
    tiles[at + 1u] = numbers.y;
    tiles[at + 2u] = numbers.z;
    tiles[at + 3u] = numbers.w;
  }
}

fn sums_at(at: u32) -> vec4<f32> {
  return vec4<f32>(products[at], products[at + 1u], products[at + 2u], products[at + 3u]);
}

// sums + aᵀ · b over the first 4·quads rows of two tiles: rows 4·y … of it, columns 4·x … What is behind these rows, up
// to a multiple of eight, is zero. All threads come here together.
@diagnostic(off, chromium.subgroup_matrix_uniformity)
fn product(sums: mat4x4<f32>, a: u32, b: u32, quads: u32, x: u32, y: u32) -> mat4x4<f32> {
  let first = own_subgroup * OWN;
  for (var i = 0u; i < HIGH; i++) {
    let row = 8u * (first / 4u + i);
    let column = 8u * (first % 4u);
    var own: array<result, WIDE>;
    for (var step = 0u; step < 4u; step++) {
      if (2u * step >= quads) { break; }
      let at = 8u * step * STRIDE;
      let rows = subgroupMatrixLoad<left, col_major>(&tiles, a + at + row, STRIDE);
      for (var j = 0u; j < WIDE; j++) {
        let columns = subgroupMatrixLoad<right, row_major>(&tiles, b + at + column + 8u * j, STRIDE);
        own[j] = subgroupMatrixMultiplyAccumulate(rows, columns, own[j]);
      }
    }
    for (var j = 0u; j < WIDE; j++) {
      subgroupMatrixStore<row_major>(&products, row * SUM_STRIDE + column + 8u * j, own[j], SUM_STRIDE);
    }
  }
  workgroupBarrier();
  let at = 4u * y * SUM_STRIDE + 4u * x;
  return mat4x4<f32>(sums[0] + sums_at(at), sums[1] + sums_at(at + SUM_STRIDE),
                     sums[2] + sums_at(at + 2u * SUM_STRIDE), sums[3] + sums_at(at + 3u * SUM_STRIDE));
}
