// gradient += strength·importance·(weight - start), in place, all of one size: the gradient of EWC's penalty
// (Kirkpatrick et al. 2017). One element per thread.

struct Sizes { count: u32, strength: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> start: array<f32>;
@group(0) @binding(3) var<storage, read> importance: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradient: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.x + group.z * 65535u) * 64u + local.x;
  if (i >= sizes.count) { return; }
  gradient[i] += sizes.strength * importance[i] * (weight[i] - start[i]);
}
