// dw(r, k) = scale · Σ_t u[t, r] · keep(t, k) · x[t, offset + k]: the gradient of a thin matrix, in its own order.
// One column k and four ranks a thread; neighbours read neighbours.

@group(0) @binding(1) var<storage, read> u: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> dw: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = thread_of(group, local);
  let k = at % sizes.width;
  let r = 4u * (at / sizes.width);
  if (r >= sizes.rank) { return; }
  let ranks = min(vec4<u32>(r, r + 1u, r + 2u, r + 3u), vec4<u32>(sizes.rank - 1u));
  var sum = vec4<f32>();
  for (var t = 0u; t < sizes.tokens; t++) {
    let own = t * sizes.rank + ranks;
    sum += x[t * sizes.stride + sizes.offset + k] * keep(t, k) * vec4<f32>(u[own.x], u[own.y], u[own.z], u[own.w]);
  }
  for (var i = 0u; i < min(4u, sizes.rank - r); i++) {
    dw[(r + i) * sizes.by_rank + k * sizes.by_width] = sizes.scale * sum[i];
  }
}
