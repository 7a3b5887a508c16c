// With g = dy ⊙ gamma (dy through the output's dropout first where PLACE == ON_OUTPUT):
//   ds = rstd · (g - mean(g) - normalized · mean(g ⊙ normalized)),   dbranch = dropout(ds) (ON_BRANCH)
// One workgroup a token, four columns at a time.

struct Sizes { tokens: u32, hidden4: u32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> normalized: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> rstd: array<f32>;
@group(0) @binding(4) var<storage, read> gamma: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> ds: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> dbranch: array<vec4<f32>>;

var<workgroup> partial: array<vec2<f32>, 64>;

fn total(lane: u32, value: vec2<f32>) -> vec2<f32> {
  partial[lane] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  return partial[0];
}

fn scaled(dropout: Dropout, at: u32, h: u32) -> vec4<f32> {
  var g = dy[at] * gamma[h];
  if (PLACE == ON_OUTPUT) { g *= keep_factors(dropout, at); }
  return g;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let token = group.x + group.z * 65535u;
  let lane = local.x;
  let start = token * sizes.hidden4;
  let dropout = Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale);
  let inside = token < sizes.tokens;
  var sums = vec2<f32>();
  if (inside) {
    for (var h = lane; h < sizes.hidden4; h += 64u) {
      let g = scaled(dropout, start + h, h);
      sums += vec2<f32>(dot(g, vec4<f32>(1.0)), dot(g, normalized[start + h]));
    }
  }
  let means = total(lane, sums) / f32(4u * sizes.hidden4);
  if (!inside) { return; }
  let r = rstd[token];
  for (var h = lane; h < sizes.hidden4; h += 64u) {
    let at = start + h;
    let value = r * (scaled(dropout, at, h) - means.x - normalized[at] * means.y);
    ds[at] = value;
    if (PLACE == ON_BRANCH) { dbranch[at] = value * keep_factors(dropout, at); }
  }
}
