// What the tiles of the matmul family share: sizes, operands and how they lie in memory.
//
// c[rows, columns] = A · B for the three products of a linear layer; PRODUCT says which:
//   FORWARD          y[T, N]  = x[T, K] · wᵀ      a = x,  b = w[N, K]
//   INPUT_GRADIENT   dx[T, K] = dy[T, N] · w      a = dy, b = w[N, K]
//   WEIGHT_GRADIENT  dw[N, K] = dyᵀ · x           a = dy[T, N], b = x[T, K]
// K and N are multiples of 4 (odd sizes: matmul-any.wgsl), all loads are vec4. `store` and what it binds (from
// binding 3) come from an epilogue file, `bias_sums` from bias-sums.wgsl, what the sums
// begin with from from-zero.wgsl or from-before.wgsl.
//
// A weight too large to be bound at once comes in parts of some of its N rows: then `columns`, `inner` or `rows` is
// their number, and y and dy are bound from the first of these columns on, with `stride` numbers in a row all the same.

alias element = vec4<f32>;
const SHIFT = 2u; // an element is 1 << SHIFT numbers
struct Sizes { rows: u32, inner: u32, columns: u32, stride: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> b: array<vec4<f32>>;

fn gradient_at(token: u32, n: u32) -> element { return a[token * (sizes.stride >> 2u) + n]; }

// A's elements (row, 4·k … 4·k + 3).
fn load_a(row: u32, k: u32) -> vec4<f32> {
  let row_length = select(sizes.inner, sizes.stride, PRODUCT == INPUT_GRADIENT);
  return a[min(row, sizes.rows - 1u) * (row_length >> 2u) + k];
}

// A is [inner, rows] in memory: elements (4·row4 … + 3, 4·k … + 3) as a matrix whose columns are rows of A.
// Zero past the last token.
fn load_a_transposed(k: u32, row4: u32) -> mat4x4<f32> {
  let stride4 = sizes.stride >> 2u;
  let at = 4u * k * stride4 + min(row4, (sizes.rows >> 2u) - 1u);
  var block = mat4x4<f32>(a[at], vec4<f32>(), vec4<f32>(), vec4<f32>());
  if (4u * k + 1u < sizes.inner) { block[1] = a[at + stride4]; }
  if (4u * k + 2u < sizes.inner) { block[2] = a[at + 2u * stride4]; }
  if (4u * k + 3u < sizes.inner) { block[3] = a[at + 3u * stride4]; }
  return transpose(block);
}

// The block of B at inner indices 4·k … + 3 and columns 4·column … + 3; its matrix columns are rows of B. Past the last
// token A is zero, so there B need only be finite.
fn load_b(k: u32, column: u32) -> mat4x4<f32> {
  let columns4 = sizes.columns >> 2u;
  let c = min(column, columns4 - 1u);
  if (PRODUCT == FORWARD) {
    let inner4 = sizes.inner >> 2u;
    let at = 4u * c * inner4 + k;
    return transpose(mat4x4<f32>(b[at], b[at + inner4], b[at + 2u * inner4], b[at + 3u * inner4]));
  }
  let at = 4u * k * columns4 + c;
  if (PRODUCT == INPUT_GRADIENT) {
    return mat4x4<f32>(b[at], b[at + columns4], b[at + 2u * columns4], b[at + 3u * columns4]);
  }
  let last = (sizes.inner - 1u) * columns4 + c;
  return mat4x4<f32>(b[at], b[min(at + columns4, last)], b[min(at + 2u * columns4, last)],
                     b[min(at + 3u * columns4, last)]);
}

fn store4(row: u32, column: u32, sums: vec4<f32>) {
  if (row < sizes.rows && column < sizes.columns) { store(row, column, sums); }
}
