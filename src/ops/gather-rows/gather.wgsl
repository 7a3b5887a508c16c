// y[M, H] = x at the token of each place. One element per thread.

struct Sizes { places: u32, hidden: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = (group.x + group.z * 65535u) * 64u + local.x;
  if (at >= sizes.places * sizes.hidden) { return; }
  y[at] = x[tokens[at / sizes.hidden] * sizes.hidden + at % sizes.hidden];
}
