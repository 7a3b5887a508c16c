// The losses of loss.wgsl for many classes, e.g. a vocabulary of 30,522: one workgroup a row, its threads side by side
// along the classes, sums by a tree in workgroup memory. row_loss[rows] is each row's share, summed by sum.wgsl.

struct Sizes { rows: u32, classes: u32, smoothing: f32, denominator: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> row_loss: array<f32>;
@group(0) @binding(5) var<storage, read_write> dlogits: array<f32>;

const THREADS = 256u;
var<workgroup> partial: array<f32, THREADS>;

fn total(lane: u32, value: f32) -> f32 {
  partial[lane] = value;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  let result = partial[0];
  workgroupBarrier();
  return result;
}

fn greatest(lane: u32, value: f32) -> f32 {
  partial[lane] = value;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] = max(partial[lane], partial[lane + half]); }
    workgroupBarrier();
  }
  let result = partial[0];
  workgroupBarrier();
  return result;
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  // Past the last row all of a workgroup repeats it without writing: barriers must be met by all.
  let wanted = group.x + group.z * 65535u;
  let row = min(wanted, sizes.rows - 1u);
  let lane = local.x;
  let start = row * sizes.classes;
  let label = labels[row];
  let counts = label < sizes.classes;

  var own = logits[start + min(lane, sizes.classes - 1u)];
  for (var c = lane; c < sizes.classes; c += THREADS) { own = max(own, logits[start + c]); }
  let highest = greatest(lane, own);
  var sum = 0.0;
  var weight_sum = 0.0;
  for (var c = lane; c < sizes.classes; c += THREADS) {
    sum += exp(logits[start + c] - highest);
    weight_sum += weights[c];
  }
  let log_total = log(total(lane, sum)) + highest;
  let smooth_share = sizes.smoothing / f32(sizes.classes);
  let own_weight = weights[min(label, sizes.classes - 1u)];
  let target_sum = (1.0 - sizes.smoothing) * own_weight + smooth_share * total(lane, weight_sum);

  var loss = 0.0;
  for (var c = lane; c < sizes.classes; c += THREADS) {
    let log_p = logits[start + c] - log_total;
    var goal = smooth_share * weights[c];
    if (c == label) { goal += (1.0 - sizes.smoothing) * weights[c]; }
    loss -= goal * log_p;
    let slope = (exp(log_p) * target_sum - goal) / sizes.denominator;
    if (wanted < sizes.rows) { dlogits[start + c] = select(0.0, slope, counts); }
  }
  let row_total = total(lane, loss);
  if (lane == 0u && wanted < sizes.rows) { row_loss[row] = select(0.0, row_total / sizes.denominator, counts); }
}
