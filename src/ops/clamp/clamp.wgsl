// x = x cut to [-limit, limit], in place. One element per thread.

struct Sizes { count: u32, limit: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.x + group.z * 65535u) * 64u + local.x;
  if (i >= sizes.count) { return; }
  x[i] = clamp(x[i], -sizes.limit, sizes.limit);
}
