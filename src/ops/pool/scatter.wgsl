// dx[T, H]: dy of the row at its first token, zero elsewhere. One element per thread.

struct Sizes { tokens: u32, hidden: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> row_of: array<vec4<u32>>; // .w: the token's row
@group(0) @binding(3) var<storage, read> bounds: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = (group.x + group.z * 65535u) * 64u + local.x;
  if (at >= sizes.tokens * sizes.hidden) { return; }
  let token = at / sizes.hidden;
  let row = row_of[token].w;
  dx[at] = select(0.0, dy[row * sizes.hidden + at % sizes.hidden], bounds[token].x == token);
}
