// The three products of matmul.wgsl for sizes that are no multiples of 4 (a classifier of 3 classes, an odd
// intermediate size): one output per thread, scalar loads.

alias element = f32;
const SHIFT = 0u;
struct Sizes { rows: u32, inner: u32, columns: u32, stride: u32, bias_rows: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;

// What bias_sums needs.
const THREADS = 64u;
var<workgroup> tile: array<element, THREADS>;
fn gradient_at(token: u32, n: u32) -> element { return a[token * sizes.stride + n]; }

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_id) local: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  if (PRODUCT == WEIGHT_GRADIENT && group.y < sizes.bias_rows) {
    bias_sums(group, groups, thread);
    return;
  }
  let row = (group.y - sizes.bias_rows) * 8u + local.y;
  let column = group.x * 8u + local.x;
  if (row >= sizes.rows || column >= sizes.columns) { return; }
  // Start and stride of A's row and of B's column in memory.
  var a_at = row * select(sizes.inner, sizes.stride, PRODUCT == INPUT_GRADIENT);
  var a_step = 1u;
  var b_at = column;
  var b_step = sizes.columns;
  if (PRODUCT == WEIGHT_GRADIENT) { a_at = row; a_step = sizes.stride; }
  if (PRODUCT == FORWARD) { b_at = column * sizes.inner; b_step = 1u; }
  var sum = start(row, column);
  let inner = sizes.inner;
  for (var k = 0u; k < inner; k++) {
    sum += a[a_at] * b[b_at];
    a_at += a_step;
    b_at += b_step;
  }
  store(row, column, sum);
}
