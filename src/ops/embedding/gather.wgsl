// y[T, H] = word[id] + position[p] + type[s] for each token; without type[s] where HAS_SEGMENTS is false. Four columns a
// thread. A table of words too large to be bound at once comes in parts, each for the tokens whose word is in it:
// `words` of them, from `first` on.

struct Sizes { tokens: u32, hidden4: u32, first: u32, words: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> tokens: array<vec4<u32>>; // id, position, segment, unused
@group(0) @binding(2) var<storage, read> word: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> position: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> segment: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = (group.x + group.z * 65535u) * 64u + local.x;
  if (at >= sizes.tokens * sizes.hidden4) { return; }
  let token = tokens[at / sizes.hidden4];
  let h = at % sizes.hidden4;
  let id = token.x - sizes.first;
  if (id >= sizes.words) { return; } // below `first` it has wrapped around
  var sum = word[id * sizes.hidden4 + h] + position[token.y * sizes.hidden4 + h];
  if (HAS_SEGMENTS) { sum += segment[token.z * sizes.hidden4 + h]; }
  y[at] = sum;
}
