// The gradient of the relative table: a workgroup sums over all pairs of one (distance, head), 64 at a time, always in
// the same order. For a bias that is Σ ds; for products Σ ds · k in the query's place and Σ ds · q in the key's.

@group(0) @binding(1) var<storage, read> qkv: array<element>;
@group(0) @binding(2) var<storage, read> bounds: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> lse: array<f32>;
@group(0) @binding(4) var<storage, read> delta: array<f32>;
@group(0) @binding(5) var<storage, read> dout: array<element>;
@group(0) @binding(7) var<storage, read_write> d_relative: array<stored>;

// The gradients of the scores of 64 pairs, or each thread's sum of them.
var<workgroup> gradients: array<f32, 64>;

fn score_gradient(query: u32, key: u32, head: u32, first: u32) -> f32 {
  let q_at = part_at(query, 0u, head);
  let k_at = part_at(key, 1u, head);
  let v_at = part_at(key, 2u, head);
  let at = head_at(query, head);
  var score = 0.0;
  var dp = 0.0;
  for (var d = 0u; d < HEAD; d++) {
    score += dot(qkv[q_at + d], qkv[k_at + d]);
    dp += dot(dout[at + d], qkv[v_at + d]);
  }
  let pair = query * sizes.heads + head;
  let p = exp(pair_score(score * sizes.scale, query, key, head) - lse[pair]);
  return p * (dp * factor(query, head, key - first) - delta[pair]);
}

// The gradient of the score of `query` and the key at this distance; zero where that key is not in its row.
fn gradient_of(query: u32, distance: i32, head: u32) -> f32 {
  if (query >= sizes.tokens) { return 0.0; }
  let row = bounds[query];
  let key = i32(query) - distance;
  if (key < i32(row.x) || key >= i32(row.y)) { return 0.0; }
  return score_gradient(query, u32(key), head, row.x);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = group.x + group.z * 65535u;
  if (index >= (2u * SPAN - 1u) * sizes.heads) { return; }
  let head = index % sizes.heads;
  let distance = i32(index / sizes.heads) - i32(SPAN - 1u);
  let away = u32(abs(distance));
  var tokens = sizes.tokens;
  if (away >= sizes.longest || away > REACH) { tokens = 0u; }
  sum_up(index, distance, head, tokens, local.x);
}
