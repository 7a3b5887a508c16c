// Binary cross-entropy of N rows of L logits x against targets y in 0…1, each label with a weight w of its positives,
// loss and gradient at once:
//   loss = Σ ((1 - y)·softplus(x) + w·y·softplus(-x)) / denominator
//   dlogits = ((1 - y)·sigmoid(x) - w·y·sigmoid(-x)) / denominator
// As torch.nn.functional.binary_cross_entropy_with_logits. One workgroup; a thread takes every 256th number.

struct Sizes { numbers: u32, labels: u32, denominator: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> loss: array<f32>;
@group(0) @binding(5) var<storage, read_write> dlogits: array<f32>;

const THREADS = 256u;
var<workgroup> partial: array<f32, THREADS>;

fn number_loss(at: u32) -> f32 {
  let x = logits[at];
  let off = 1.0 - targets[at];
  let on = weights[at % sizes.labels] * targets[at];
  // The exponent is never positive, so that large logits stay finite.
  let small = exp(-abs(x));
  let both = log(1.0 + small);
  let near = 1.0 / (1.0 + small);
  let far = small / (1.0 + small);
  let positive = x >= 0.0;
  dlogits[at] = (off * select(far, near, positive) - on * select(near, far, positive)) / sizes.denominator;
  return (off * (max(x, 0.0) + both) + on * (max(-x, 0.0) + both)) / sizes.denominator;
}

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  var sum = 0.0;
  for (var at = local.x; at < sizes.numbers; at += THREADS) { sum += number_loss(at); }
  partial[local.x] = sum;
  workgroupBarrier();
  if (local.x != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < THREADS; i++) { total += partial[i]; }
  loss[0] = total;
}
