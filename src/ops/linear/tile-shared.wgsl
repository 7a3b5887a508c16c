// A workgroup of 64 threads fills a tile of c, ROWS × COLUMNS, from workgroup memory: for GPUs, whose threads share what
// one of them loads. A software adapter has nothing to share and is several times slower with it.
//
// Each round loads DEPTH inner indices of A and of B in blocks of 4 × 4, then each thread of the 8 × 8 adds to its
// ROWS/8 × COLUMNS/8 sums. Method: NVIDIA, "CUTLASS: Fast Linear Algebra in CUDA C++" (2017), threadblock and thread
// tiles.
//
// With SLICES > 1, SLICES times 64 threads share a tile, each 64 with rounds of their own, and their sums are added at the
// end, always in the same order: for products of few outputs and a long inner dimension (the gradient of a small weight),
// whose tiles alone do not fill a GPU. A slice's 4 · DEPTH · (ROWS4 + COLUMNS4) numbers of workgroup memory then hold its
// sums, so that ROWS · COLUMNS must not be more than that.

const DEPTH = 16u;
const THREADS = 64u * SLICES;
const ROWS4 = ROWS / 4u;
const COLUMNS4 = COLUMNS / 4u;
// Sums of one thread, in groups of four columns.
const THREAD_ROWS = ROWS / 8u;
const THREAD_GROUPS = COLUMNS / 32u;

// For each slice, A's rows 4·i … + 3 at the inner index k in k · ROWS4 + i, and behind them B's columns alike.
const TILE = DEPTH * (ROWS4 + COLUMNS4);
const B_FROM = DEPTH * ROWS4;
var<workgroup> tiles: array<vec4<f32>, SLICES * TILE>;

// A's rows 4·row4 … + 3 at inner indices 4·k … + 3: one inner index a column.
fn block_a(k: u32, row4: u32) -> mat4x4<f32> {
  if (PRODUCT == WEIGHT_GRADIENT) { return transpose(load_a_transposed(k, row4)); }
  let row = 4u * row4;
  return transpose(mat4x4<f32>(load_a(row, k), load_a(row + 1u, k), load_a(row + 2u, k), load_a(row + 3u, k)));
}

@compute @workgroup_size(8, 8, SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_id) local: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  if (PRODUCT == WEIGHT_GRADIENT && group.y == groups.y - 1u) {
    bias_sums(group.x * THREADS + index, groups.x * THREADS);
    return;
  }
  let thread = index % 64u; // of its slice
  let slice = local.z;
  let tile_a = slice * TILE;
  let tile_b = tile_a + B_FROM;
  let first_row4 = group.y * ROWS4;
  let first_column4 = group.x * COLUMNS4;
  let steps = (sizes.inner + 3u) / 4u;
  let row = group.y * ROWS + local.y * THREAD_ROWS;
  let column = group.x * COLUMNS + 4u * local.x;
  var sums: array<array<vec4<f32>, THREAD_GROUPS>, THREAD_ROWS>;
  if (slice == 0u) {
    for (var r = 0u; r < THREAD_ROWS; r++) {
      for (var g = 0u; g < THREAD_GROUPS; g++) { sums[r][g] = start(row + r, column + 32u * g); }
    }
  }

  for (var turn = 0u; turn < steps; turn += SLICES * DEPTH / 4u) {
    let first = turn + slice * (DEPTH / 4u);
    workgroupBarrier();
    for (var i = thread; i < DEPTH / 4u * ROWS4; i += 64u) {
      let k = i / ROWS4;
      var block = mat4x4<f32>();
      if (first + k < steps) { block = block_a(first + k, first_row4 + i % ROWS4); }
      for (var j = 0u; j < 4u; j++) { tiles[tile_a + (4u * k + j) * ROWS4 + i % ROWS4] = block[j]; }
    }
    for (var i = thread; i < DEPTH / 4u * COLUMNS4; i += 64u) {
      let k = i / COLUMNS4;
      var block = mat4x4<f32>();
      if (first + k < steps) { block = load_b(first + k, first_column4 + i % COLUMNS4); }
      for (var j = 0u; j < 4u; j++) { tiles[tile_b + (4u * k + j) * COLUMNS4 + i % COLUMNS4] = block[j]; }
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      var b_groups: array<vec4<f32>, THREAD_GROUPS>;
      for (var g = 0u; g < THREAD_GROUPS; g++) { b_groups[g] = tiles[tile_b + k * COLUMNS4 + g * 8u + local.x]; }
      for (var r = 0u; r < THREAD_ROWS; r += 4u) {
        let rows = tiles[tile_a + k * ROWS4 + local.y * (THREAD_ROWS / 4u) + r / 4u];
        for (var g = 0u; g < THREAD_GROUPS; g++) {
          sums[r][g] += rows.x * b_groups[g];
          sums[r + 1u][g] += rows.y * b_groups[g];
          sums[r + 2u][g] += rows.z * b_groups[g];
          sums[r + 3u][g] += rows.w * b_groups[g];
        }
      }
    }
  }

  if (SLICES > 1u) {
    workgroupBarrier();
    for (var r = 0u; r < THREAD_ROWS; r++) {
      for (var g = 0u; g < THREAD_GROUPS; g++) { tiles[tile_a + (r * THREAD_GROUPS + g) * 64u + thread] = sums[r][g]; }
    }
    workgroupBarrier();
    if (slice > 0u) { return; }
    for (var other = 1u; other < SLICES; other++) {
      for (var r = 0u; r < THREAD_ROWS; r++) {
        for (var g = 0u; g < THREAD_GROUPS; g++) {
          sums[r][g] += tiles[other * TILE + (r * THREAD_GROUPS + g) * 64u + thread];
        }
      }
    }
  }
  for (var r = 0u; r < THREAD_ROWS; r++) {
    for (var g = 0u; g < THREAD_GROUPS; g++) { store4(row + r, column + 32u * g, sums[r][g]); }
  }
}
