// What the tiles of the matmul family share: sizes, operands and how they lie in memory.
//
// c[rows, columns] = A · B for the three products of a linear layer; PRODUCT says which:
//   FORWARD          y[T, N]  = x[T, K] · wᵀ      a = x,  b = w[N, K]
//   INPUT_GRADIENT   dx[T, K] = dy[T, N] · w      a = dy, b = w[N, K]
//   WEIGHT_GRADIENT  dw[N, K] = dyᵀ · x           a = dy[T, N], b = x[T, K]
// K and N are multiples of 4 (odd sizes: matmul-any.wgsl), all loads are vec4. `store` and what it binds (from
// binding 3) come from an epilogue file, what the sums begin with from from-zero.wgsl or from-before.wgsl, and what the
// first `bias_rows` rows of workgroups do, `bias_sums`, from bias-sums.wgsl or bias-sums-by-lanes.wgsl.
//
// A weight too large to be bound at once comes in parts of some of its N rows: then `columns`, `inner` or `rows` is
// their number, and y and dy are bound from the first of these columns on, with `stride` numbers in a row all the same.

alias element = vec4<f32>;
const SHIFT = 2u; // an element is 1 << SHIFT numbers
struct Sizes { rows: u32, inner: u32, columns: u32, stride: u32, bias_rows: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> b: array<vec4<f32>>;

fn gradient_at(token: u32, n: u32) -> element { return a[token * (sizes.stride >> 2u) + n]; }

fn store4(row: u32, column: u32, sums: vec4<f32>) {
  if (row < sizes.rows && column < sizes.columns) { store(row, column, sums); }
}
