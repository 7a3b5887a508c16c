// out[T, H] = dropout(softmax(scale · q·kᵀ)) · v within each row; lse[T, heads] = log Σ exp, for the backward pass.
// Online softmax: no [T, T] matrix. Method: Dao et al., "FlashAttention" (2022), algorithm 1, one query per thread.

@group(0) @binding(1) var<storage, read> qkv: array<element>;
@group(0) @binding(2) var<storage, read> bounds: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> out: array<element>;
@group(0) @binding(4) var<storage, read_write> lse: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = (group.x + group.z * 65535u) * 64u + local.x;
  if (index >= sizes.tokens * sizes.heads) { return; }
  let token = index / sizes.heads;
  let head = index % sizes.heads;
  let row = bounds[token];

  var q: array<element, HEAD>;
  var sum: array<element, HEAD>;
  let q_at = part_at(token, 0u, head);
  for (var d = 0u; d < HEAD; d++) { q[d] = qkv[q_at + d] * sizes.scale; }

  var highest = -3.0e38;
  var weight = 0.0;
  let others = others_of(row, token);
  for (var key = others.x; key < others.y; key++) {
    let k_at = part_at(key, 1u, head);
    var score = 0.0;
    for (var d = 0u; d < HEAD; d++) { score += dot(q[d], qkv[k_at + d]); }
    score = pair_score(score, token, key, head);
    let next = max(highest, score);
    let shrink = exp(highest - next);
    let p = exp(score - next);
    highest = next;
    weight = weight * shrink + p;
    let kept = p * factor(token, head, key - row.x);
    let v_at = part_at(key, 2u, head);
    for (var d = 0u; d < HEAD; d++) { sum[d] = sum[d] * shrink + kept * qkv[v_at + d]; }
  }
  let at = head_at(token, head);
  for (var d = 0u; d < HEAD; d++) { out[at + d] = sum[d] / weight; }
  lse[index] = highest + log(weight);
}
