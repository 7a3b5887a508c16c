// y = LayerNorm(s) with s = x + dropout(branch) (PLACE == ON_BRANCH), or y = dropout(LayerNorm(x)) (ON_OUTPUT).
// Saved for the backward pass: normalized[T, H] = (s - mean) / deviation, and rstd[T] = 1 / deviation.
// One workgroup a token, four columns at a time; sums by a tree in workgroup memory. Variance in a second pass over s, which is kept in
// `normalized` meanwhile: the one-pass formula cancels. Method: Ba et al., "Layer normalization" (2016).

struct Sizes { tokens: u32, hidden4: u32, epsilon: f32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> branch: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> gamma: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> beta: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> normalized: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> rstd: array<f32>;

var<workgroup> partial: array<f32, 64>;

fn total(lane: u32, value: f32) -> f32 {
  partial[lane] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  let result = partial[0];
  workgroupBarrier();
  return result;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let token = group.x + group.z * 65535u;
  let lane = local.x;
  let start = token * sizes.hidden4;
  let dropout = Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale);
  let inside = token < sizes.tokens; // the same for the whole workgroup
  var sum = 0.0;
  if (inside) {
    for (var h = lane; h < sizes.hidden4; h += 64u) {
      var s = x[start + h];
      if (PLACE == ON_BRANCH) { s += branch[start + h] * keep_factors(dropout, start + h); }
      normalized[start + h] = s;
      sum += dot(s, vec4<f32>(1.0));
    }
  }
  let mean = total(lane, sum) / f32(4u * sizes.hidden4);
  var squares = 0.0;
  if (inside) {
    for (var h = lane; h < sizes.hidden4; h += 64u) {
      let difference = normalized[start + h] - mean;
      squares += dot(difference, difference);
    }
  }
  let r = inverseSqrt(total(lane, squares) / f32(4u * sizes.hidden4) + sizes.epsilon);
  if (!inside) { return; }
  for (var h = lane; h < sizes.hidden4; h += 64u) {
    let n = (normalized[start + h] - mean) * r;
    normalized[start + h] = n;
    var value = n * gamma[h] + beta[h];
    if (PLACE == ON_OUTPUT) { value *= keep_factors(dropout, start + h); }
    y[start + h] = value;
  }
  if (lane == 0u) { rstd[token] = r; }
}
