// Multiplies `count` numbers by the power of two that brings the largest of them below 1, where it is not there already;
// scale[0] is this power, scale[1] its inverse. What is not finite is left as it is.

struct Sizes { count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> parts: array<u32>;
@group(0) @binding(2) var<storage, read_write> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> scale: array<f32>;

var<workgroup> largest: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  largest[local.x] = parts[local.x];
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (local.x < half) { largest[local.x] = max(largest[local.x], largest[local.x + half]); }
    workgroupBarrier();
  }
  // The exponent with its offset of 127. Beyond 2^123 the inverse of the power would not be a normal number.
  let exponent = min(largest[0] >> 23u, 250u);
  let scales = exponent >= 127u && largest[0] < 0x7f800000u;
  let power = select(1.0, bitcast<f32>((253u - exponent) << 23u), scales);
  if (group.x == 0u && local.x == 0u) {
    scale[0] = power;
    scale[1] = select(1.0, bitcast<f32>((exponent + 1u) << 23u), scales);
  }
  if (!scales) { return; }
  for (var i = group.x * 64u + local.x; i < sizes.count; i += PARTS * 64u) { x[i] *= power; }
}
