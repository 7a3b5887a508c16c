// y[B, H] = x at the first token of each row. One element per thread.

struct Sizes { rows: u32, hidden: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> row_start: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= sizes.rows * sizes.hidden) { return; }
  y[id.x] = x[row_start[id.x / sizes.hidden] * sizes.hidden + id.x % sizes.hidden];
}
