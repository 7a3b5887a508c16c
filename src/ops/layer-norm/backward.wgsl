// With g = dy ⊙ gamma (dy through the output's dropout first where PLACE == ON_OUTPUT):
//   ds = rstd · (g - mean(g) - normalized · mean(g ⊙ normalized)),   dbranch = dropout(ds) (ON_BRANCH)
//   dgamma[h] = Σ_t dy ⊙ normalized,   dbeta[h] = Σ_t dy
// Four tokens per workgroup, 16 threads each, WIDTH columns at a time (an element). The first `sum_groups` workgroups do
// dgamma and dbeta instead, one element per thread; they start first since they take longest, and neighbours read
// neighbours.

struct Sizes { tokens: u32, columns: u32, sum_groups: u32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<element>;
@group(0) @binding(2) var<storage, read> normalized: array<element>;
@group(0) @binding(3) var<storage, read> rstd: array<f32>;
@group(0) @binding(4) var<storage, read> gamma: array<element>;
@group(0) @binding(5) var<storage, read_write> ds: array<element>;
@group(0) @binding(6) var<storage, read_write> dbranch: array<element>;
@group(0) @binding(7) var<storage, read_write> dgamma: array<element>;
@group(0) @binding(8) var<storage, read_write> dbeta: array<element>;

const LANES = 16u;
const TOKENS = 4u;
var<workgroup> partial: array<vec2<f32>, LANES * TOKENS>;

// The sum over the lanes of each token.
fn total(thread: u32, lane: u32, value: vec2<f32>) -> vec2<f32> {
  partial[thread] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[thread] += partial[thread + half]; }
    workgroupBarrier();
  }
  return partial[thread - lane];
}

// The gradient of LayerNorm's own output.
fn gradient(dropout: Dropout, at: u32) -> element {
  if (PLACE == ON_OUTPUT) { return dy[at] * keep_factors(dropout, at); }
  return dy[at];
}

fn sum_columns(dropout: Dropout, h: u32) {
  let columns = sizes.columns;
  let tokens = sizes.tokens;
  if (h >= columns) { return; }
  var gamma_sum = element();
  var beta_sum = element();
  for (var t = 0u; t < tokens; t++) {
    let at = t * columns + h;
    let g = gradient(dropout, at);
    gamma_sum += g * normalized[at];
    beta_sum += g;
  }
  dgamma[h] = gamma_sum;
  dbeta[h] = beta_sum;
}

@compute @workgroup_size(LANES, TOKENS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let index = group.x + group.z * 65535u;
  let dropout = Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale);
  if (index < sizes.sum_groups) {
    sum_columns(dropout, index * LANES * TOKENS + thread);
    return;
  }
  let token = (index - sizes.sum_groups) * TOKENS + local.y;
  let lane = local.x;
  let columns = sizes.columns;
  let start = token * columns;
  let end = select(0u, columns, token < sizes.tokens); // past the last token nothing is read, but barriers are met
  var sums = vec2<f32>();
  for (var h = lane; h < end; h += LANES) {
    let g = gradient(dropout, start + h) * gamma[h];
    sums += vec2<f32>(dot(g, element(1.0)), dot(g, normalized[start + h]));
  }
  let means = total(thread, lane, sums) / f32(WIDTH * columns);
  if (end == 0u) { return; }
  let r = rstd[token];
  for (var h = lane; h < end; h += LANES) {
    let at = start + h;
    let value = r * (gradient(dropout, at) * gamma[h] - means.x - normalized[at] * means.y);
    ds[at] = value;
    if (PLACE == ON_BRANCH) { dbranch[at] = value * keep_factors(dropout, at); }
  }
}
