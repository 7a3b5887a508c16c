// y = LayerNorm(s) with s = x + dropout(branch) (PLACE == ON_BRANCH), or y = dropout(LayerNorm(x)) (ON_OUTPUT).
// Saved for the backward pass: normalized[T, H] = (s - mean) / deviation, and rstd[T] = 1 / deviation.
// TOKENS tokens per workgroup, LANES threads each, WIDTH columns at a time (an element). A thread keeps its elements of s
// in registers from the first pass to the last, so that memory is read once and written once; variance has a pass of its
// own, since the one-pass formula cancels. Sums by a tree in workgroup memory, whose barriers cost a software adapter more
// than all else. Method: Ba et al., "Layer normalization" (2016).

struct Sizes { tokens: u32, epsilon: f32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<element>;
@group(0) @binding(2) var<storage, read> branch: array<element>;
@group(0) @binding(3) var<storage, read> gamma: array<element>;
@group(0) @binding(4) var<storage, read> beta: array<element>;
@group(0) @binding(5) var<storage, read_write> y: array<element>;
@group(0) @binding(6) var<storage, read_write> normalized: array<element>;
@group(0) @binding(7) var<storage, read_write> rstd: array<f32>;

var<workgroup> partial: array<f32, LANES * TOKENS>;

// Whether a row has no column h; without a test where the lanes share the columns evenly.
fn past(h: u32) -> bool { return COLUMNS % LANES != 0u && h >= COLUMNS; }

// The sum over the lanes of each token.
fn total(thread: u32, lane: u32, value: f32) -> f32 {
  partial[thread] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[thread] += partial[thread + half]; }
    workgroupBarrier();
  }
  let result = partial[thread - lane];
  workgroupBarrier();
  return result;
}

// s of a token's column h; zero past the last token and past the last column.
fn input(dropout: Dropout, token: u32, h: u32) -> element {
  if (token >= sizes.tokens || past(h)) { return element(); }
  let at = token * COLUMNS + h;
  if (PLACE == ON_BRANCH) { return x[at] + branch[at] * keep_factors(dropout, at); }
  return x[at];
}

fn squared_difference(s: element, mean: f32, h: u32) -> f32 {
  if (past(h)) { return 0.0; }
  let difference = s - mean;
  return dot(difference, difference);
}

fn store(dropout: Dropout, token: u32, h: u32, n: element) {
  if (token >= sizes.tokens || past(h)) { return; }
  let at = token * COLUMNS + h;
  normalized[at] = n;
  let value = n * gamma[h] + beta[h];
  if (PLACE == ON_OUTPUT) { y[at] = value * keep_factors(dropout, at); } else { y[at] = value; }
}

@compute @workgroup_size(LANES, TOKENS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let token = (group.x + group.z * 65535u) * TOKENS + local.y;
  let lane = local.x;
  let dropout = Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale);
  var s: array<element, PER_LANE>;
  var sum = 0.0;
  for (var i = 0u; i < PER_LANE; i++) { s[i] = input(dropout, token, lane + i * LANES); sum += dot(s[i], element(1.0)); }
  let mean = total(thread, lane, sum) / f32(WIDTH * COLUMNS);
  var squares = 0.0;
  for (var i = 0u; i < PER_LANE; i++) { squares += squared_difference(s[i], mean, lane + i * LANES); }
  let r = inverseSqrt(total(thread, lane, squares) / f32(WIDTH * COLUMNS) + sizes.epsilon);
  for (var i = 0u; i < PER_LANE; i++) { store(dropout, token, lane + i * LANES, (s[i] - mean) * r); }
  if (lane == 0u && token < sizes.tokens) { rstd[token] = r; }
}
