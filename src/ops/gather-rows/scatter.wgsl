// dx[T, H]: dy of the token's place, zero where it has none. place_of[T] is the place plus 1, or 0, so that each
// element is written once, without atomics. One element per thread.

struct Sizes { tokens: u32, hidden: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> place_of: array<u32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = (group.x + group.z * 65535u) * 64u + local.x;
  if (at >= sizes.tokens * sizes.hidden) { return; }
  let place = place_of[at / sizes.hidden];
  if (place == 0u) {
    dx[at] = 0.0;
  } else {
    dx[at] = dy[(place - 1u) * sizes.hidden + at % sizes.hidden];
  }
}
