// dk and dv. For each query i of the row:
//   p = exp(scale · q·k - lse_i),  dv += p · factor · dout_i,  ds = p · ((dout_i · v) · factor - delta_i),
//   dk += scale · ds · q_i
// Method: FlashAttention, algorithm 4, one key per thread; no atomics.

@group(0) @binding(1) var<storage, read> qkv: array<element>;
@group(0) @binding(2) var<storage, read> bounds: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> lse: array<f32>;
@group(0) @binding(4) var<storage, read> delta: array<f32>;
@group(0) @binding(5) var<storage, read> dout: array<element>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<element>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = (group.x + group.z * 65535u) * 64u + local.x;
  if (index >= sizes.tokens * sizes.heads) { return; }
  let token = index / sizes.heads;
  let head = index % sizes.heads;
  let row = bounds[token];

  var k: array<element, HEAD>;
  var v: array<element, HEAD>;
  var dk: array<element, HEAD>;
  var dv: array<element, HEAD>;
  let k_at = part_at(token, 1u, head);
  let v_at = part_at(token, 2u, head);
  for (var d = 0u; d < HEAD; d++) { k[d] = qkv[k_at + d]; v[d] = qkv[v_at + d]; }

  let others = others_of(row, token);
  for (var query = others.x; query < others.y; query++) {
    let q_at = part_at(query, 0u, head);
    let at = head_at(query, head);
    var score = 0.0;
    var dp = 0.0;
    for (var d = 0u; d < HEAD; d++) {
      score += dot(qkv[q_at + d], k[d]);
      dp += dot(dout[at + d], v[d]);
    }
    let pair = query * sizes.heads + head;
    let p = exp(pair_score(score * sizes.scale, query, token, head) - lse[pair]);
    let kept = factor(query, head, token - row.x);
    let ds = p * (dp * kept - delta[pair]) * sizes.scale;
    let position = relative_at(query, token, head);
    for (var d = 0u; d < HEAD; d++) {
      dv[d] += p * kept * dout[at + d];
      dk[d] += ds * query_side(q_at + d, position + d);
    }
  }
  for (var d = 0u; d < HEAD; d++) { dqkv[k_at + d] = dk[d]; dqkv[v_at + d] = dv[d]; }
}
