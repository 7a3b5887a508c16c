// clip[4], told[3] = (norm of all gradients, factor = min(1, limit / (norm + 1e-6)), 1 when the norm is not finite).
// As torch.nn.utils.clip_grad_norm_. WGSL may assume that infinity and NaN do not occur: the bits are tested.

struct Sizes { count: u32, limit: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> clip: array<f32>;
@group(0) @binding(3) var<storage, read_write> told: array<f32>;

var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  var sum = 0.0;
  for (var i = local.x; i < sizes.count; i += 64u) { sum += partials[i]; }
  sums[local.x] = sum;
  workgroupBarrier();
  if (local.x != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < 64u; i++) { total += sums[i]; }
  let broken = (bitcast<u32>(total) & 0x7f800000u) == 0x7f800000u;
  let norm = sqrt(total);
  told[0] = select(norm, total, broken);
  told[1] = select(min(1.0, sizes.limit / (norm + 1e-6)), 0.0, broken);
  told[2] = select(0.0, 1.0, broken);
  for (var i = 0u; i < 3u; i++) { clip[i] = told[i]; }
  clip[3] = 0.0;
}
