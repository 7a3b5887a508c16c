// Turns q and k of qkv[T, 3·H] in place: (a, b) → (a · cos − b · sin, b · cos + a · sin), a from a head's first half, b
// from its second; with `back` the other way round. A thread is one pair of one token. Method: Su et al., "RoFormer"
// (2021).

struct Sizes { tokens: u32, heads: u32, pairs: u32, back: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> bounds: array<vec2<u32>>; // first token and end of the token's row
@group(0) @binding(2) var<storage, read> turns: array<vec2<f32>>; // cosine and sine, [positions, pairs]
@group(0) @binding(3) var<storage, read_write> qkv: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let index = (group.x + group.z * 65535u) * 64u + local.x;
  let pairs = sizes.pairs;
  if (index >= sizes.tokens * 2u * sizes.heads * pairs) { return; }
  let pair = index % pairs;
  let head = index / pairs % (2u * sizes.heads);
  let token = index / pairs / (2u * sizes.heads);
  let turn = turns[(token - bounds[token].x) * pairs + pair];
  let sine = select(turn.y, -turn.y, sizes.back == 1u);
  let at = (token * 3u * sizes.heads + head) * 2u * pairs + pair;
  let a = qkv[at];
  let b = qkv[at + pairs];
  qkv[at] = a * turn.x - b * sine;
  qkv[at + pairs] = b * turn.x + a * sine;
}
