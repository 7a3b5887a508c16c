// With g = dy ⊙ gamma (dy through the output's dropout first where PLACE == ON_OUTPUT):
//   ds = rstd · (g - mean(g) - normalized · mean(g ⊙ normalized)),   dbranch = dropout(ds) (ON_BRANCH)
//   dgamma[h] = Σ_t dy ⊙ normalized,   dbeta[h] = Σ_t dy
// One workgroup a token, four columns at a time. The first `sum_groups` workgroups do dgamma and dbeta instead, four
// columns a thread; they start first since they take longest, and neighbours read neighbours.

struct Sizes { tokens: u32, hidden4: u32, sum_groups: u32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> normalized: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> rstd: array<f32>;
@group(0) @binding(4) var<storage, read> gamma: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> ds: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> dbranch: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> dgamma: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> dbeta: array<vec4<f32>>;

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

fn kept(at: u32) -> vec4<f32> {
  return keep_factors(Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale), at);
}

// The gradient of LayerNorm's own output.
fn gradient(at: u32) -> vec4<f32> {
  if (PLACE == ON_OUTPUT) { return dy[at] * kept(at); }
  return dy[at];
}

fn sum_columns(h: u32) {
  if (h >= sizes.hidden4) { return; }
  var gamma_sum = vec4<f32>();
  var beta_sum = vec4<f32>();
  for (var t = 0u; t < sizes.tokens; t++) {
    let at = t * sizes.hidden4 + h;
    let g = gradient(at);
    gamma_sum += g * normalized[at];
    beta_sum += g;
  }
  dgamma[h] = gamma_sum;
  dbeta[h] = beta_sum;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = group.x + group.z * 65535u;
  let lane = local.x;
  if (index < sizes.sum_groups) {
    sum_columns(index * 64u + lane);
    return;
  }
  let token = index - sizes.sum_groups;
  if (token >= sizes.tokens) { return; }
  let start = token * sizes.hidden4;
  var sums = vec2<f32>();
  for (var h = lane; h < sizes.hidden4; h += 64u) {
    let g = gradient(start + h) * gamma[h];
    sums += vec2<f32>(dot(g, vec4<f32>(1.0)), dot(g, normalized[start + h]));
  }
  let means = total(lane, sums) / f32(4u * sizes.hidden4);
  let r = rstd[token];
  for (var h = lane; h < sizes.hidden4; h += 64u) {
    let at = start + h;
    let value = r * (gradient(at) * gamma[h] - means.x - normalized[at] * means.y);
    ds[at] = value;
    if (PLACE == ON_BRANCH) { dbranch[at] = value * kept(at); }
  }
}
