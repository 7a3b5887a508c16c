// clip[4], readback[3] = (norm of all gradients, factor = min(1, limit / (norm + 1e-6)), 1 when the norm is not finite).
// As torch.nn.utils.clip_grad_norm_. WGSL may assume that infinity and NaN do not occur: the bits are tested.
// With `watches` 1 a step is also broken where one of its `losses` is not finite, and so is every later step: `broken`
// keeps the flag.

struct Sizes { count: u32, limit: f32, watches: u32, losses: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> clip: array<f32>;
@group(0) @binding(3) var<storage, read_write> readback: array<f32>;
@group(0) @binding(4) var<storage, read_write> broken: array<f32>;
@group(0) @binding(5) var<storage, read> loss0: array<f32>;
@group(0) @binding(6) var<storage, read> loss1: array<f32>;
@group(0) @binding(7) var<storage, read> loss2: array<f32>;
@group(0) @binding(8) var<storage, read> loss3: array<f32>;

var<workgroup> sums: array<f32, 64>;

fn not_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u; }

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  var sum = 0.0;
  for (var i = local.x; i < sizes.count; i += 64u) { sum += partials[i]; }
  sums[local.x] = sum;
  workgroupBarrier();
  if (local.x != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < 64u; i++) { total += sums[i]; }
  let infinite = not_finite(total);
  var stops = infinite;
  if (sizes.watches == 1u) {
    stops = stops || broken[0] != 0.0;
    stops = stops || (sizes.losses > 0u && not_finite(loss0[0]));
    stops = stops || (sizes.losses > 1u && not_finite(loss1[0]));
    stops = stops || (sizes.losses > 2u && not_finite(loss2[0]));
    stops = stops || (sizes.losses > 3u && not_finite(loss3[0]));
    if (stops) { broken[0] = 1.0; }
  }
  let norm = sqrt(total);
  readback[0] = select(norm, total, infinite);
  readback[1] = select(min(1.0, sizes.limit / (norm + 1e-6)), 0.0, stops);
  readback[2] = select(0.0, 1.0, stops);
  for (var i = 0u; i < 3u; i++) { clip[i] = readback[i]; }
  clip[3] = 0.0;
}
