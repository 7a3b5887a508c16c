// y[B, H] = scale · mean of x over the tokens of each row, summed in their order. One element per thread.

struct Sizes { rows: u32, hidden: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> row_start: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= sizes.rows * sizes.hidden) { return; }
  let row = id.x / sizes.hidden;
  let start = row_start[row];
  let end = row_start[row + 1u];
  var sum = 0.0;
  for (var token = start; token < end; token++) { sum += x[token * sizes.hidden + id.x % sizes.hidden]; }
  y[id.x] = sum * (sizes.scale / f32(end - start));
}
