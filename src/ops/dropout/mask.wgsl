// y[i] = x[i] · factor(i), which is its own backward pass; with ADDED residual[i] is added. One element per thread.

struct Sizes { count: u32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> residual: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.x + group.z * 65535u) * 64u + local.x;
  if (i >= sizes.count) { return; }
  var value = x[i] * keep_factor(Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale), i);
  if (ADDED) { value += residual[i]; }
  y[i] = value;
}
