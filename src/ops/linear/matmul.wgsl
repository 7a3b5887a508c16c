// c[rows, columns] = A · B, 8 rows × 8 columns a thread, all loads vec4, no workgroup memory.
//
// One kernel for the three products of a linear layer; PRODUCT says which, and so how A and B lie in memory:
//   FORWARD          y[T, N]  = x[T, K] · wᵀ      a = x,  b = w[N, K]
//   INPUT_GRADIENT   dx[T, K] = dy[T, N] · w      a = dy, b = w[N, K]
//   WEIGHT_GRADIENT  dw[N, K] = dyᵀ · x           a = dy[T, N], b = x[T, K]
// K and N are multiples of 4 (odd sizes: matmul-any.wgsl). The inner dimension goes in steps of four: each step is a
// 4×4 block of B times a vec4 of A for every row. Registers are spelled out: software adapters keep arrays in memory,
// which is four times slower. Method: register tiling, as in Goto & van de Geijn, "Anatomy of high-performance matrix
// multiplication" (2008). `store` and what it binds (from binding 3) come from an epilogue file.

struct Sizes { rows: u32, inner: u32, columns: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> b: array<vec4<f32>>;

// A's elements (row, 4·k … 4·k + 3).
fn load_a(row: u32, k: u32) -> vec4<f32> {
  return a[min(row, sizes.rows - 1u) * (sizes.inner / 4u) + k];
}

// Columns 4·column … + 3 of A's transpose at inner index t, zero past the end: A is [inner, rows] in memory.
fn load_a_transposed(t: u32, row4: u32) -> vec4<f32> {
  if (t >= sizes.inner) { return vec4<f32>(); }
  return a[t * (sizes.rows / 4u) + min(row4, sizes.rows / 4u - 1u)];
}

// The block of B at inner indices 4·k … + 3 and columns 4·column … + 3; matrix column l is inner index 4·k + l.
fn load_b(k: u32, column: u32) -> mat4x4<f32> {
  let columns4 = sizes.columns / 4u;
  let c = min(column, columns4 - 1u);
  if (PRODUCT == FORWARD) {
    let inner4 = sizes.inner / 4u;
    let first = 4u * c * inner4 + k;
    return transpose(mat4x4<f32>(b[first], b[first + inner4], b[first + 2u * inner4], b[first + 3u * inner4]));
  }
  let first = 4u * k * columns4 + c;
  if (PRODUCT == INPUT_GRADIENT || 4u * k + 4u <= sizes.inner) {
    return mat4x4<f32>(b[first], b[first + columns4], b[first + 2u * columns4], b[first + 3u * columns4]);
  }
  // The last steps past the last token: A is zero there, B must only be finite.
  let last = (sizes.inner - 1u) * columns4 + c;
  return mat4x4<f32>(b[min(first, last)], b[min(first + columns4, last)], b[min(first + 2u * columns4, last)], b[last]);
}

fn store4(row: u32, column: u32, sums: vec4<f32>) {
  store(row, column, sums.x);
  store(row, column + 1u, sums.y);
  store(row, column + 2u, sums.z);
  store(row, column + 3u, sums.w);
}

fn store_row(row: u32, column: u32, left: vec4<f32>, right: vec4<f32>) {
  if (row >= sizes.rows) { return; }
  store4(row, column, left);
  if (column + 4u < sizes.columns) { store4(row, column + 4u, right); }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let row = (group.y * 8u + local.y) * 8u;
  let column = (group.x * 8u + local.x) * 8u;
  if (row >= sizes.rows || column >= sizes.columns) { return; }

  var l0 = vec4<f32>(); var l1 = vec4<f32>(); var l2 = vec4<f32>(); var l3 = vec4<f32>();
  var l4 = vec4<f32>(); var l5 = vec4<f32>(); var l6 = vec4<f32>(); var l7 = vec4<f32>();
  var r0 = vec4<f32>(); var r1 = vec4<f32>(); var r2 = vec4<f32>(); var r3 = vec4<f32>();
  var r4 = vec4<f32>(); var r5 = vec4<f32>(); var r6 = vec4<f32>(); var r7 = vec4<f32>();

  let steps = (sizes.inner + 3u) / 4u;
  for (var k = 0u; k < steps; k++) {
    var a0: vec4<f32>; var a1: vec4<f32>; var a2: vec4<f32>; var a3: vec4<f32>;
    var a4: vec4<f32>; var a5: vec4<f32>; var a6: vec4<f32>; var a7: vec4<f32>;
    if (PRODUCT == WEIGHT_GRADIENT) {
      let t = 4u * k;
      let q = row / 4u;
      let upper = transpose(mat4x4<f32>(load_a_transposed(t, q), load_a_transposed(t + 1u, q),
                                        load_a_transposed(t + 2u, q), load_a_transposed(t + 3u, q)));
      let lower = transpose(mat4x4<f32>(load_a_transposed(t, q + 1u), load_a_transposed(t + 1u, q + 1u),
                                        load_a_transposed(t + 2u, q + 1u), load_a_transposed(t + 3u, q + 1u)));
      a0 = upper[0]; a1 = upper[1]; a2 = upper[2]; a3 = upper[3];
      a4 = lower[0]; a5 = lower[1]; a6 = lower[2]; a7 = lower[3];
    } else {
      a0 = load_a(row, k); a1 = load_a(row + 1u, k); a2 = load_a(row + 2u, k); a3 = load_a(row + 3u, k);
      a4 = load_a(row + 4u, k); a5 = load_a(row + 5u, k); a6 = load_a(row + 6u, k); a7 = load_a(row + 7u, k);
    }
    let left = load_b(k, column / 4u);
    l0 += left * a0; l1 += left * a1; l2 += left * a2; l3 += left * a3;
    l4 += left * a4; l5 += left * a5; l6 += left * a6; l7 += left * a7;
    let right = load_b(k, column / 4u + 1u);
    r0 += right * a0; r1 += right * a1; r2 += right * a2; r3 += right * a3;
    r4 += right * a4; r5 += right * a5; r6 += right * a6; r7 += right * a7;
  }

  store_row(row, column, l0, r0); store_row(row + 1u, column, l1, r1);
  store_row(row + 2u, column, l2, r2); store_row(row + 3u, column, l3, r3);
  store_row(row + 4u, column, l4, r4); store_row(row + 5u, column, l5, r5);
  store_row(row + 6u, column, l6, r6); store_row(row + 7u, column, l7, r7);
}
