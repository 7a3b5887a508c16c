// x[first …] = 0, `count` numbers. One number per thread.

struct Sizes { first: u32, count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.x + group.z * 65535u) * 64u + local.x;
  if (i < sizes.count) { x[sizes.first + i] = 0.0; }
}
