// scale · keep(t, k) · Σ_r u[t, r] · w(r, k), given to `store` (an epilogue file) with its place in [T, stride].
// One element per thread.

alias element = f32;
@group(0) @binding(1) var<storage, read> u: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = thread_of(group, local);
  let t = at / sizes.width;
  if (t >= sizes.tokens) { return; }
  let k = at % sizes.width;
  var sum = 0.0;
  for (var r = 0u; r < sizes.rank; r++) {
    sum += u[t * sizes.rank + r] * w[r * sizes.by_rank + k * sizes.by_width];
  }
  store(t * sizes.stride + sizes.offset + k, sizes.scale * keep(t, k) * sum);
}
