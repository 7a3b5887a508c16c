// The same as scatter.wgsl for a table of few entries, each of which many tokens used (segment types): there a GPU would
// wait for one load after the other, all tokens long. A workgroup sums 4 elements of an entry; each of its threads takes
// every LANES-th token that used it, then a tree adds these sums, always in the same order.

struct Sizes { entries: u32, columns: u32, first: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<element>;
@group(0) @binding(2) var<storage, read> start: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read_write> dtable: array<element>;

const ELEMENTS = 4u;
const LANES = 32u;
var<workgroup> sums: array<element, ELEMENTS * LANES>;

@compute @workgroup_size(ELEMENTS, LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let columns = sizes.columns;
  let h = group.x * ELEMENTS + local.x;
  let entry = sizes.first + group.y;
  let end = select(0u, start[entry + 1u], h < columns); // past the last column nothing is read, but barriers are met
  var sum = element();
  for (var i = start[entry] + local.y; i < end; i += LANES) { sum += dy[order[i] * columns + h]; }
  sums[thread] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (local.y < half) { sums[thread] += sums[thread + half * ELEMENTS]; }
    workgroupBarrier();
  }
  if (local.y == 0u && h < columns) { dtable[group.y * columns + h] = sums[thread]; }
}
