// The largest |x| of `count` numbers: a part of it for each workgroup, as bits, whose order is that of the numbers without
// their sign. So NaN is larger than infinity, and all orders of comparing give the same.

struct Sizes { count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> parts: array<u32>;

var<workgroup> largest: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  var most = 0u;
  for (var i = group.x * 64u + local.x; i < sizes.count; i += PARTS * 64u) { most = max(most, x[i] & 0x7fffffffu); }
  largest[local.x] = most;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (local.x < half) { largest[local.x] = max(largest[local.x], largest[local.x + half]); }
    workgroupBarrier();
  }
  if (local.x == 0u) { parts[group.x] = largest[0]; }
}
