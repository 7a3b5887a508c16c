// Sets broken[0] to 1 where one of up to seven losses is not finite, else leaves it; bits as in finish.wgsl.

struct Sizes { losses: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> broken: array<f32>;
@group(0) @binding(2) var<storage, read> loss0: array<f32>;
@group(0) @binding(3) var<storage, read> loss1: array<f32>;
@group(0) @binding(4) var<storage, read> loss2: array<f32>;
@group(0) @binding(5) var<storage, read> loss3: array<f32>;
@group(0) @binding(6) var<storage, read> loss4: array<f32>;
@group(0) @binding(7) var<storage, read> loss5: array<f32>;
@group(0) @binding(8) var<storage, read> loss6: array<f32>;

fn not_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u; }

@compute @workgroup_size(1)
fn main() {
  var stops = sizes.losses > 0u && not_finite(loss0[0]);
  stops = stops || (sizes.losses > 1u && not_finite(loss1[0]));
  stops = stops || (sizes.losses > 2u && not_finite(loss2[0]));
  stops = stops || (sizes.losses > 3u && not_finite(loss3[0]));
  stops = stops || (sizes.losses > 4u && not_finite(loss4[0]));
  stops = stops || (sizes.losses > 5u && not_finite(loss5[0]));
  stops = stops || (sizes.losses > 6u && not_finite(loss6[0]));
  if (stops) { broken[0] = 1.0; }
}
