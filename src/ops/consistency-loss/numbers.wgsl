// R-Drop's distance of two outputs of the same rows whose numbers are each a prediction of its own; `apart_at` is in
// front of this. One workgroup; a thread takes every 256th number.

struct Sizes { numbers: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> first: array<f32>;
@group(0) @binding(2) var<storage, read> second: array<f32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;
@group(0) @binding(4) var<storage, read_write> dfirst: array<f32>;
@group(0) @binding(5) var<storage, read_write> dsecond: array<f32>;

const THREADS = 256u;
var<workgroup> partial: array<f32, THREADS>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  var sum = 0.0;
  for (var at = local.x; at < sizes.numbers; at += THREADS) {
    let apart = sizes.scale * apart_at(first[at], second[at]);
    sum += apart.x;
    dfirst[at] = apart.y;
    dsecond[at] = apart.z;
  }
  partial[local.x] = sum;
  workgroupBarrier();
  if (local.x != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) { total += partial[i]; }
  loss[0] = total;
}
