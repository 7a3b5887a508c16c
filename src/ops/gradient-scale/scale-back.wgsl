// x = x · scale[1], in place, where that is not 1. EACH numbers per thread.

struct Sizes { count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let factor = scale[1];
  if (factor == 1.0) { return; }
  let first = (group.x + group.z * 65535u) * 64u * EACH + local.x;
  for (var i = 0u; i < EACH; i++) {
    let at = first + 64u * i;
    if (at < sizes.count) { x[at] *= factor; }
  }
}
