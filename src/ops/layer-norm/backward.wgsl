// With g = dy ⊙ gamma (dy through the output's dropout first where PLACE == ON_OUTPUT):
//   ds = rstd · (g - mean(g) - normalized · mean(g ⊙ normalized)),   dbranch = dropout(ds) (ON_BRANCH)
//   dgamma[h] = Σ_t dy ⊙ normalized,   dbeta[h] = Σ_t dy
// TOKENS tokens per workgroup, LANES threads each, WIDTH columns at a time (an element), which a thread keeps in registers
// between the two passes. The first `sum_groups` workgroups do dgamma and dbeta instead, SUM_COLUMNS elements each; they
// start first since they take longest, and neighbours read neighbours. Each of their threads sums every SUM_LANES-th token,
// then a tree adds these sums, always in the same order: on a GPU a chain of loads as long as the batch would take longer
// than the rest of the dispatch.

struct Sizes { tokens: u32, sum_groups: u32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<element>;
@group(0) @binding(2) var<storage, read> normalized: array<element>;
@group(0) @binding(3) var<storage, read> rstd: array<f32>;
@group(0) @binding(4) var<storage, read> gamma: array<element>;
@group(0) @binding(5) var<storage, read_write> ds: array<element>;
@group(0) @binding(6) var<storage, read_write> dbranch: array<element>;
@group(0) @binding(7) var<storage, read_write> dgamma: array<element>;
@group(0) @binding(8) var<storage, read_write> dbeta: array<element>;

const SUM_LANES = LANES * TOKENS / SUM_COLUMNS;
var<workgroup> partial: array<vec2<f32>, LANES * TOKENS>;
// Not used where SUM_LANES is 1.
var<workgroup> gamma_sums: array<element, select(1u, LANES * TOKENS, SUM_LANES > 1u)>;
var<workgroup> beta_sums: array<element, select(1u, LANES * TOKENS, SUM_LANES > 1u)>;

// Whether a row has no column h; without a test where the lanes share the columns evenly.
fn past(h: u32) -> bool { return COLUMNS % LANES != 0u && h >= COLUMNS; }

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

fn sum_columns(dropout: Dropout, group: u32, thread: u32) {
  let tokens = sizes.tokens;
  let h = group * SUM_COLUMNS + thread % SUM_COLUMNS;
  let lane = thread / SUM_COLUMNS;
  var gamma_sum = element();
  var beta_sum = element();
  let end = select(0u, tokens, h < COLUMNS); // past the last column nothing is read, but barriers are met
  for (var t = lane; t < end; t += SUM_LANES) {
    let at = t * COLUMNS + h;
    let g = gradient(dropout, at);
    gamma_sum += g * normalized[at];
    beta_sum += g;
  }
  if (SUM_LANES > 1u) {
    gamma_sums[thread] = gamma_sum;
    beta_sums[thread] = beta_sum;
    workgroupBarrier();
    for (var half = SUM_LANES / 2u; half > 0u; half /= 2u) {
      if (lane < half) {
        gamma_sums[thread] += gamma_sums[thread + half * SUM_COLUMNS];
        beta_sums[thread] += beta_sums[thread + half * SUM_COLUMNS];
      }
      workgroupBarrier();
    }
    gamma_sum = gamma_sums[thread];
    beta_sum = beta_sums[thread];
  }
  if (lane == 0u && h < COLUMNS) {
    dgamma[h] = gamma_sum;
    dbeta[h] = beta_sum;
  }
}

// dy · gamma and normalized of a token's column h; zero past the last token and past the last column.
fn gradient_at(dropout: Dropout, token: u32, h: u32) -> element {
  if (token >= sizes.tokens || past(h)) { return element(); }
  return gradient(dropout, token * COLUMNS + h) * gamma[h];
}
fn normalized_at(token: u32, h: u32) -> element {
  if (token >= sizes.tokens || past(h)) { return element(); }
  return normalized[token * COLUMNS + h];
}

fn store(dropout: Dropout, token: u32, h: u32, value: element) {
  if (token >= sizes.tokens || past(h)) { return; }
  let at = token * COLUMNS + h;
  ds[at] = value;
  if (PLACE == ON_BRANCH) { dbranch[at] = value * keep_factors(dropout, at); }
}

@compute @workgroup_size(LANES, TOKENS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let index = group.x + group.z * 65535u;
  let dropout = Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale);
  if (index < sizes.sum_groups) {
    sum_columns(dropout, index, thread);
    return;
  }
  let token = (index - sizes.sum_groups) * TOKENS + local.y;
  let lane = local.x;
  var g: array<element, PER_LANE>;
  var n: array<element, PER_LANE>;
  var sums = vec2<f32>();
  for (var i = 0u; i < PER_LANE; i++) { g[i] = gradient_at(dropout, token, lane + i * LANES); n[i] = normalized_at(token, lane + i * LANES); sums += vec2<f32>(dot(g[i], element(1.0)), dot(g[i], n[i])); }
  let means = total(thread, lane, sums) / f32(WIDTH * COLUMNS);
  let r = rstd[min(token, sizes.tokens - 1u)];
  for (var i = 0u; i < PER_LANE; i++) { store(dropout, token, lane + i * LANES, r * (g[i] - means.x - n[i] * means.y)); }
}
