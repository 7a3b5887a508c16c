// Focal loss (Lin et al. 2017) of a softmax over C classes with class weights w and focus g, loss and gradient at once.
// With p the probability of the row's own class y, r = 1 - p and s = log p:
//   loss = -Σ_rows w_y · r^g · s / denominator
//   dlogits_c = w_y · (r^g - g·p·s·r^(g - 1)) · (p_c - [c = y]) / denominator
// r is the sum of the other classes' probabilities: 1 - p would cancel where p is near 1. As no p_c of another class
// exceeds r, and p_y - 1 is -r, the power g - 1 is never taken of r, which may be 0.
// A row whose label is no class counts nothing. One workgroup; a thread takes every 64th row.

struct Sizes { rows: u32, classes: u32, focus: f32, denominator: f32 }
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
  let own = exp(logits[start + label] - highest);
  var others = 0.0;
  for (var c = 0u; c < sizes.classes; c++) {
    if (c != label) { others += exp(logits[start + c] - highest); }
  }
  let total = own + others;
  let p = own / total;
  let rest = others / total;
  let log_p = logits[start + label] - highest - log(total);
  var factor = 0.0;
  if (rest > 0.0) { factor = weights[label] * pow(rest, sizes.focus) / sizes.denominator; }
  for (var c = 0u; c < sizes.classes; c++) {
    var share = -1.0;
    if (c != label) { share = exp(logits[start + c] - highest) / max(others, 1e-37); }
    dlogits[start + c] = factor * (rest - sizes.focus * p * log_p) * share;
  }
  return -factor * log_p;
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
