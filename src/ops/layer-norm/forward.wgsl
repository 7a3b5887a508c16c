// y = LayerNorm(s) with s = x + dropout(branch) (PLACE == ON_BRANCH), or y = dropout(LayerNorm(x)) (ON_OUTPUT).
// Saved for the backward pass: normalized[T, H] = (s - mean) / deviation, and rstd[T] = 1 / deviation.
// Four tokens per workgroup, 16 threads each, WIDTH columns at a time (an element); sums by a tree in workgroup memory,
// whose barriers cost a software adapter more than all else. Variance in a second pass over s, which is kept in
// `normalized` meanwhile: the one-pass formula cancels. Method: Ba et al., "Layer normalization" (2016).

struct Sizes { tokens: u32, columns: u32, epsilon: f32, key0: u32, key1: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<element>;
@group(0) @binding(2) var<storage, read> branch: array<element>;
@group(0) @binding(3) var<storage, read> gamma: array<element>;
@group(0) @binding(4) var<storage, read> beta: array<element>;
@group(0) @binding(5) var<storage, read_write> y: array<element>;
@group(0) @binding(6) var<storage, read_write> normalized: array<element>;
@group(0) @binding(7) var<storage, read_write> rstd: array<f32>;

const LANES = 16u;
const TOKENS = 4u;
var<workgroup> partial: array<f32, LANES * TOKENS>;

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

@compute @workgroup_size(LANES, TOKENS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let token = (group.x + group.z * 65535u) * TOKENS + local.y;
  let lane = local.x;
  let columns = sizes.columns;
  let start = token * columns;
  let dropout = Dropout(sizes.key0, sizes.key1, sizes.threshold, sizes.scale);
  let end = select(0u, columns, token < sizes.tokens); // past the last token nothing is read, but barriers are met
  var sum = 0.0;
  for (var h = lane; h < end; h += LANES) {
    var s = x[start + h];
    if (PLACE == ON_BRANCH) { s += branch[start + h] * keep_factors(dropout, start + h); }
    normalized[start + h] = s;
    sum += dot(s, element(1.0));
  }
  let mean = total(thread, lane, sum) / f32(WIDTH * columns);
  var squares = 0.0;
  for (var h = lane; h < end; h += LANES) {
    let difference = normalized[start + h] - mean;
    squares += dot(difference, difference);
  }
  let r = inverseSqrt(total(thread, lane, squares) / f32(WIDTH * columns) + sizes.epsilon);
  for (var h = lane; h < end; h += LANES) {
    let n = (normalized[start + h] - mean) * r;
    normalized[start + h] = n;
    var value = n * gamma[h] + beta[h];
    if (PLACE == ON_OUTPUT) { value *= keep_factors(dropout, start + h); }
    y[start + h] = value;
  }
  if (lane == 0u && end > 0u) { rstd[token] = r; }
}
