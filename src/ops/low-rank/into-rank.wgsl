// u[t, r] = scale · Σ_k keep(t, k) · x[t, offset + k] · w(r, k), into [T, rank]. Four ranks a thread, so that an
// element and its dropout are worked out once for four sums.

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> u: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = thread_of(group, local);
  let fours = (sizes.rank + 3u) / 4u;
  let t = at / fours;
  if (t >= sizes.tokens) { return; }
  let r = 4u * (at % fours);
  // Past the last rank the last one is read again, and not stored.
  let start = min(vec4<u32>(r, r + 1u, r + 2u, r + 3u), vec4<u32>(sizes.rank - 1u)) * sizes.by_rank;
  let row = t * sizes.stride + sizes.offset;
  var sum = vec4<f32>();
  for (var k = 0u; k < sizes.width; k++) {
    let own = start + k * sizes.by_width;
    sum += x[row + k] * keep(t, k) * vec4<f32>(w[own.x], w[own.y], w[own.z], w[own.w]);
  }
  for (var i = 0u; i < min(4u, sizes.rank - r); i++) { u[t * sizes.rank + r + i] = sizes.scale * sum[i]; }
}
