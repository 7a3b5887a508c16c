// y[i] = x[i] · factor(i): dropout of a small tensor, and its own backward pass. One element a thread.

struct Sizes { count: u32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= sizes.count) { return; }
  y[id.x] = x[id.x] * keep_factor(Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale), id.x);
}
