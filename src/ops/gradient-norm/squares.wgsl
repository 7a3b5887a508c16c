// Partial sums of squares of up to six gradients: a workgroup sums one block of BLOCK elements into a number of its own.
// partials[first …] has the blocks of gradient 0, then those of gradient 1, and so on, always in the same order and
// the same however a gradient is bound, so the norm is the same at every run. `element` is vec4<f32> or f32; a gradient
// that is not there has 0 of them.

struct Sizes { first: u32, n0: u32, n1: u32, n2: u32, n3: u32, n4: u32, n5: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> g0: array<element>;
@group(0) @binding(2) var<storage, read> g1: array<element>;
@group(0) @binding(3) var<storage, read> g2: array<element>;
@group(0) @binding(4) var<storage, read> g3: array<element>;
@group(0) @binding(5) var<storage, read> g4: array<element>;
@group(0) @binding(6) var<storage, read> g5: array<element>;
@group(0) @binding(7) var<storage, read_write> partials: array<f32>;

var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let counts = array<u32, 6>(sizes.n0, sizes.n1, sizes.n2, sizes.n3, sizes.n4, sizes.n5);
  let place = group.x + group.z * 65535u;
  // The gradient of this workgroup, and which of its blocks.
  var block = place;
  var which = 0u;
  for (; which < 6u; which++) {
    let blocks = (counts[which] + BLOCK - 1u) / BLOCK;
    if (block < blocks) { break; }
    block -= blocks;
  }
  if (which == 6u) { return; }
  let start = block * BLOCK + local.x;
  let end = min((block + 1u) * BLOCK, counts[which]);
  var sum = 0.0;
  switch (which) {
    case 0u: { for (var i = start; i < end; i += 64u) { sum += square(g0[i]); } }
    case 1u: { for (var i = start; i < end; i += 64u) { sum += square(g1[i]); } }
    case 2u: { for (var i = start; i < end; i += 64u) { sum += square(g2[i]); } }
    case 3u: { for (var i = start; i < end; i += 64u) { sum += square(g3[i]); } }
    case 4u: { for (var i = start; i < end; i += 64u) { sum += square(g4[i]); } }
    default: { for (var i = start; i < end; i += 64u) { sum += square(g5[i]); } }
  }
  sums[local.x] = sum;
  workgroupBarrier();
  if (local.x != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < 64u; i++) { total += sums[i]; }
  partials[sizes.first + place] = total;
}
