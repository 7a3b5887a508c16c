// Softmax cross-entropy with class weights w and label smoothing e over C classes, loss and gradient at once:
//   target_c = (1 - e)·[c = y] ·w_y + (e / C)·w_c          (weights before the mean)
//   loss = -Σ_rows Σ_c target_c · log p_c / denominator
//   dlogits_c = (p_c · Σ_c target_c - target_c) / denominator
// As torch.nn.functional.cross_entropy. A row whose label is no class counts nothing. One workgroup; a thread takes
// every 64th row.

struct Sizes { rows: u32, classes: u32, smoothing: f32, denominator: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> loss: array<f32>;
@group(0) @binding(5) var<storage, read_write> dlogits: array<f32>;

var<workgroup> partial: array<f32, 64>;

fn row_loss(row: u32) -> f32 {
  let start = row * sizes.classes;
  let label = labels[row];
  if (label >= sizes.classes) {
    for (var c = 0u; c < sizes.classes; c++) { dlogits[start + c] = 0.0; }
    return 0.0;
  }
  var highest = logits[start];
  for (var c = 1u; c < sizes.classes; c++) { highest = max(highest, logits[start + c]); }
  var total = 0.0;
  var weight_sum = 0.0;
  for (var c = 0u; c < sizes.classes; c++) {
    total += exp(logits[start + c] - highest);
    weight_sum += weights[c];
  }
  let log_total = log(total) + highest;
  let smooth_share = sizes.smoothing / f32(sizes.classes);
  let target_sum = (1.0 - sizes.smoothing) * weights[label] + smooth_share * weight_sum;
  var sum = 0.0;
  for (var c = 0u; c < sizes.classes; c++) {
    let log_p = logits[start + c] - log_total;
    var goal = smooth_share * weights[c];
    if (c == label) { goal += (1.0 - sizes.smoothing) * weights[c]; }
    sum -= goal * log_p;
    dlogits[start + c] = (exp(log_p) * target_sum - goal) / sizes.denominator;
  }
  return sum / sizes.denominator;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  var sum = 0.0;
  for (var row = local.x; row < sizes.rows; row += 64u) { sum += row_loss(row); }
  partial[local.x] = sum;
  workgroupBarrier();
  if (local.x != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < 64u; i++) { total += partial[i]; }
  loss[0] = total;
}
