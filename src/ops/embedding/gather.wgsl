// y[T, H] = word[id] + position[p] + type[s] for each token; without those of which HAS_POSITIONS or HAS_SEGMENTS is false. An element of
// columns per thread. A table of words too large to be bound at once comes in parts, each for the tokens whose word is in
// it: `words` of them, from `first` on.

struct Sizes { tokens: u32, columns: u32, first: u32, words: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> tokens: array<vec4<u32>>; // id, position, segment, unused
@group(0) @binding(2) var<storage, read> word: array<element>;
@group(0) @binding(3) var<storage, read> position: array<element>;
@group(0) @binding(4) var<storage, read> segment: array<element>;
@group(0) @binding(5) var<storage, read_write> y: array<element>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = (group.x + group.z * 65535u) * 64u + local.x;
  if (at >= sizes.tokens * sizes.columns) { return; }
  let token = tokens[at / sizes.columns];
  let h = at % sizes.columns;
  let id = token.x - sizes.first;
  if (id >= sizes.words) { return; } // below `first` it has wrapped around
  var sum = word[id * sizes.columns + h];
  if (HAS_POSITIONS) { sum += position[token.y * sizes.columns + h]; }
  if (HAS_SEGMENTS) { sum += segment[token.z * sizes.columns + h]; }
  y[at] = sum;
}
