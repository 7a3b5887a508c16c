// db[n] = Σ_t dy[t, n]: the gradient of a bias. One column a thread; neighbours read neighbours.

struct Sizes { rows: u32, columns: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> db: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= sizes.columns) { return; }
  var sum = 0.0;
  for (var t = 0u; t < sizes.rows; t++) { sum += dy[t * sizes.columns + id.x]; }
  db[id.x] = sum;
}
