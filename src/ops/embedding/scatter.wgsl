// dtable[N, H]: each entry is the sum of dy over the tokens that used it, in the order of the tokens, so without
// atomics and the same at every run. start[N + 1] points into order[T], the tokens sorted by entry. An element of
// columns per thread; entries that no token used become zero. A part of a table has N entries from `first` on.

struct Sizes { entries: u32, columns: u32, first: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> dy: array<element>;
@group(0) @binding(2) var<storage, read> start: array<u32>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read_write> dtable: array<element>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = (group.x + group.z * 65535u) * 64u + local.x;
  if (at >= sizes.entries * sizes.columns) { return; }
  let entry = sizes.first + at / sizes.columns;
  let h = at % sizes.columns;
  var sum = element();
  for (var i = start[entry]; i < start[entry + 1u]; i++) { sum += dy[order[i] * sizes.columns + h]; }
  dtable[at] = sum;
}
