// dz[T, 2·I] of y = act(a) · b, a the first half of z and b the second: dy · b · act'(a) and dy · act(a). One number of
// each half per thread; ACTIVATION as in activation.wgsl, which stands before this.

alias element = f32;
struct Sizes { tokens: u32, inner: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<f32>;
@group(0) @binding(3) var<storage, read_write> dz: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.x + group.z * 65535u) * 64u + local.x;
  if (i >= sizes.tokens * sizes.inner) { return; }
  let at = i + i / sizes.inner * sizes.inner;
  dz[at] = dy[i] * z[at + sizes.inner] * activation_slope(z[at]);
  dz[at + sizes.inner] = dy[i] * activate(z[at]);
}
