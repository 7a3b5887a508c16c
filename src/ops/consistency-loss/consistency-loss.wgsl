// R-Drop's divergence of two predictions p, q of the same rows (Liang et al. 2021, equation 2), loss and gradients:
//   loss  = weight / rows · Σ_rows ½ (KL(p‖q) + KL(q‖p)) = weight / rows · Σ_rows ½ Σ_c (p_c − q_c)(log p_c − log q_c)
//   dp_c  = weight / rows · ½ (p_c (d_c − Σ p d) + p_c − q_c)   with d = log p − log q, for the logits of p
//   dq_c  = weight / rows · ½ (q_c (Σ q d − d_c) + q_c − p_c)
// One workgroup; a thread takes every 64th row. `scale` is weight / rows of the whole step. A row whose label is negative
// counts nothing: loss and gradients are 0.

struct Sizes { rows: u32, classes: u32, scale: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> first: array<f32>;
@group(0) @binding(2) var<storage, read> second: array<f32>;
@group(0) @binding(3) var<storage, read> labels: array<i32>;
@group(0) @binding(4) var<storage, read_write> loss: array<f32>;
@group(0) @binding(5) var<storage, read_write> dfirst: array<f32>;
@group(0) @binding(6) var<storage, read_write> dsecond: array<f32>;

var<workgroup> partial: array<f32, 64>;

fn row_loss(row: u32) -> f32 {
  let start = row * sizes.classes;
  if (labels[row] < 0) {
    for (var c = 0u; c < sizes.classes; c++) {
      dfirst[start + c] = 0.0;
      dsecond[start + c] = 0.0;
    }
    return 0.0;
  }
  var highest_p = first[start];
  var highest_q = second[start];
  for (var c = 1u; c < sizes.classes; c++) {
    highest_p = max(highest_p, first[start + c]);
    highest_q = max(highest_q, second[start + c]);
  }
  var total_p = 0.0;
  var total_q = 0.0;
  for (var c = 0u; c < sizes.classes; c++) {
    total_p += exp(first[start + c] - highest_p);
    total_q += exp(second[start + c] - highest_q);
  }
  let log_p = log(total_p) + highest_p;
  let log_q = log(total_q) + highest_q;
  var mean_p = 0.0;
  var mean_q = 0.0;
  var sum = 0.0;
  for (var c = 0u; c < sizes.classes; c++) {
    let lp = first[start + c] - log_p;
    let lq = second[start + c] - log_q;
    mean_p += exp(lp) * (lp - lq);
    mean_q += exp(lq) * (lp - lq);
    sum += (exp(lp) - exp(lq)) * (lp - lq);
  }
  for (var c = 0u; c < sizes.classes; c++) {
    let lp = first[start + c] - log_p;
    let lq = second[start + c] - log_q;
    let p = exp(lp);
    let q = exp(lq);
    dfirst[start + c] = 0.5 * sizes.scale * (p * (lp - lq - mean_p) + p - q);
    dsecond[start + c] = 0.5 * sizes.scale * (q * (mean_q - lp + lq) + q - p);
  }
  return 0.5 * sizes.scale * sum;
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
