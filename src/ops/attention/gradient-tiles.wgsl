// Shared by the two backward kernels for GPUs; both have lse, dout and dqkv at bindings 3 to 5.

@group(0) @binding(3) var<storage, read> lse: array<f32>;
@group(0) @binding(4) var<storage, read> dout: array<stored>;
@group(0) @binding(5) var<storage, read_write> dqkv: array<stored>;

// Numbers 4·quad … of the gradient of a token's head times GRADIENT_SCALE, as all gradients are until they are stored;
// zeros past the head and past the row.
fn gradient_quad(row: Row, position: u32, quad: u32) -> vec4<f32> {
  let numbers = dout_quad(head_at(row, min(position, row.length - 1u)), min(quad, QUADS - 1u));
  return select(vec4<f32>(), GRADIENT_SCALE * numbers, position < row.length && quad < QUADS);
}

fn dout_block(row: Row, position: u32, quad: u32) -> mat4x4<f32> {
  return mat4x4<f32>(gradient_quad(row, position, quad), gradient_quad(row, position + 1u, quad),
                     gradient_quad(row, position + 2u, quad), gradient_quad(row, position + 3u, quad));
}

// lse of four queries; past the row, where nothing is a pair, that of its last one.
fn log_sums_of(row: Row, position: u32) -> vec4<f32> {
  let at = query_at(row, position);
  return vec4<f32>(lse[at.x], lse[at.y], lse[at.z], lse[at.w]);
}

// Where four queries have what is one number of each head; past the row, where its last one has it.
fn query_at(row: Row, position: u32) -> vec4<u32> {
  let last = vec4<u32>(row.length - 1u);
  return (row.start + min(position + vec4<u32>(0u, 1u, 2u, 3u), last)) * sizes.heads + row.head;
}

fn store_row(row: Row, part: u32, position: u32, quad: u32, numbers: vec4<f32>) {
  if (position < row.length && quad < QUADS) {
    store_dqkv(part_at(row, part, position), quad, numbers * (1.0 / GRADIENT_SCALE));
  }
}

fn store_rows(row: Row, part: u32, position: u32, quad: u32, rows: mat4x4<f32>) {
  for (var i = 0u; i < 4u; i++) { store_row(row, part, position + i, quad, rows[i]); }
}
