// dq, and delta[T, heads] = dout · out for the pass by key. For each key j of the row:
//   p = exp(scale · q·k - lse),  dp = (dout · v) · factor,  ds = p · (dp - delta),  dq += scale · ds · k
// Method: FlashAttention, algorithm 4, one query per thread; no atomics, so the result is the same at every run.

@group(0) @binding(1) var<storage, read> qkv: array<element>;
@group(0) @binding(2) var<storage, read> bounds: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> out: array<element>;
@group(0) @binding(4) var<storage, read> lse: array<f32>;
@group(0) @binding(5) var<storage, read> dout: array<element>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<element>;
@group(0) @binding(7) var<storage, read_write> delta: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = (group.x + group.z * 65535u) * 64u + local.x;
  if (index >= sizes.tokens * sizes.heads) { return; }
  let token = index / sizes.heads;
  let head = index % sizes.heads;
  let row = bounds[token];

  var q: array<element, HEAD>;
  var gradient: array<element, HEAD>;
  var dq: array<element, HEAD>;
  let q_at = part_at(token, 0u, head);
  let at = head_at(token, head);
  var own_delta = 0.0;
  for (var d = 0u; d < HEAD; d++) {
    q[d] = qkv[q_at + d] * sizes.scale;
    gradient[d] = dout[at + d];
    own_delta += dot(gradient[d], out[at + d]);
  }
  let others = others_of(row, token);
  for (var key = others.x; key < others.y; key++) {
    let k_at = part_at(key, 1u, head);
    let v_at = part_at(key, 2u, head);
    var score = 0.0;
    var dp = 0.0;
    for (var d = 0u; d < HEAD; d++) {
      score += dot(q[d], qkv[k_at + d]);
      dp += dot(gradient[d], qkv[v_at + d]);
    }
    let p = exp(pair_score(score, token, key, head) - lse[index]);
    let ds = p * (dp * factor(token, head, key - row.x) - own_delta) * sizes.scale;
    let position = relative_at(token, key, head);
    for (var d = 0u; d < HEAD; d++) { dq[d] += ds * key_side(k_at + d, position + d); }
  }
  for (var d = 0u; d < HEAD; d++) { dqkv[q_at + d] = dq[d]; }
  delta[index] = own_delta;
}
