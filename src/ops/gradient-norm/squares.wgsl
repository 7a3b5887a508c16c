// Partial sums of squares of up to six gradients: workgroup (p, g) sums every 64th block of gradient g into
// partials[first + 64·g + p]. Fixed order, so the norm is the same at every run. `element` is vec4<f32> or f32.

struct Sizes { first: u32, n0: u32, n1: u32, n2: u32, n3: u32, n4: u32, n5: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> g0: array<element>;
@group(0) @binding(2) var<storage, read> g1: array<element>;
@group(0) @binding(3) var<storage, read> g2: array<element>;
@group(0) @binding(4) var<storage, read> g3: array<element>;
@group(0) @binding(5) var<storage, read> g4: array<element>;
@group(0) @binding(6) var<storage, read> g5: array<element>;
@group(0) @binding(7) var<storage, read_write> partials: array<f32>;

const STRIDE = 4096u; // 64 workgroups of 64 threads
var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let start = group.x * 64u + local.x;
  var sum = 0.0;
  switch (group.y) {
    case 0u: { for (var i = start; i < sizes.n0; i += STRIDE) { sum += square(g0[i]); } }
    case 1u: { for (var i = start; i < sizes.n1; i += STRIDE) { sum += square(g1[i]); } }
    case 2u: { for (var i = start; i < sizes.n2; i += STRIDE) { sum += square(g2[i]); } }
    case 3u: { for (var i = start; i < sizes.n3; i += STRIDE) { sum += square(g3[i]); } }
    case 4u: { for (var i = start; i < sizes.n4; i += STRIDE) { sum += square(g4[i]); } }
    default: { for (var i = start; i < sizes.n5; i += STRIDE) { sum += square(g5[i]); } }
  }
  sums[local.x] = sum;
  workgroupBarrier();
  if (local.x != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < 64u; i++) { total += sums[i]; }
  partials[sizes.first + 64u * group.y + group.x] = total;
}
