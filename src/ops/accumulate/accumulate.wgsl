// sum = keep·sum + factor·x, in place. One element per thread.

struct Sizes { count: u32, keep: f32, factor: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> sum: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.x + group.z * 65535u) * 64u + local.x;
  if (i >= sizes.count) { return; }
  sum[i] = sizes.keep * sum[i] + sizes.factor * x[i];
}
