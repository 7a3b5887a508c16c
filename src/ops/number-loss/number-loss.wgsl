// How far outputs x are from targets y, loss and gradient at once. With e = x - y:
//   squared error (delta 0):   loss = Σ e² / denominator,  doutputs = 2·e / denominator
//   Huber (Huber 1964):        loss = Σ (e²/2 where |e| <= delta, else delta·(|e| - delta/2)) / denominator
//                              doutputs = e cut to -delta … delta / denominator
// As torch.nn.functional.mse_loss and huber_loss. One workgroup; a thread takes every 64th number.

struct Sizes { numbers: u32, delta: f32, denominator: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> outputs: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;
@group(0) @binding(4) var<storage, read_write> doutputs: array<f32>;

var<workgroup> partial: array<f32, 64>;

fn number_loss(at: u32) -> f32 {
  let off = outputs[at] - targets[at];
  if (sizes.delta == 0.0) {
    doutputs[at] = 2.0 * off / sizes.denominator;
    return off * off / sizes.denominator;
  }
  let cut = clamp(off, -sizes.delta, sizes.delta);
  doutputs[at] = cut / sizes.denominator;
  return cut * (off - 0.5 * cut) / sizes.denominator;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  var sum = 0.0;
  for (var at = local.x; at < sizes.numbers; at += 64u) { sum += number_loss(at); }
  partial[local.x] = sum;
  workgroupBarrier();
  if (local.x != 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < 64u; i++) { total += partial[i]; }
  loss[0] = total;
}
