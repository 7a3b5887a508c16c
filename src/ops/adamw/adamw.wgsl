// An AdamW step, in place, of parameters with the same rates that lie behind one another; decoupled decay and bias correction
// (Loshchilov & Hutter 2019; as torch.optim.AdamW), with g = clip factor · gradient:
//   w -= lr·decay·w,  m = b1·m + (1 - b1)·g,  v = b2·v + (1 - b2)·g²
//   w -= lr / correction1 · m / (√v / √correction2 + epsilon)
// A step whose gradients are not finite changes nothing. SEVERAL elements (vec4<f32> or f32) in one row per thread, so
// that they share one index and one reading of the rates. `place_of` says which row of the gradient belongs to a thread,
// -1 for none: then the gradient is zero.

struct Sizes {
  threads: u32, beta1: f32, beta2: f32, epsilon: f32,
  rate: f32, decay: f32, step_size: f32, root_correction2: f32,
  columns: u32,
}
alias Elements = array<element, SEVERAL>;
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> clip: array<f32>;
@group(0) @binding(2) var<storage, read_write> moment1: array<Elements>;
@group(0) @binding(3) var<storage, read_write> moment2: array<Elements>;
@group(0) @binding(4) var<storage, read> gradient: array<Elements>;
@group(0) @binding(5) var<storage, read_write> weight: array<Elements>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let thread = (group.x + group.z * 65535u) * 64u + local.x;
  if (thread >= sizes.threads || clip[2] != 0.0) { return; }
  let place = place_of(thread);
  let factor = select(0.0, clip[1], place >= 0);
  let beta1 = sizes.beta1;
  let beta2 = sizes.beta2;
  let epsilon = element(sizes.epsilon);
  let keep = 1.0 - sizes.rate * sizes.decay;
  let step_size = sizes.step_size;
  let root_correction2 = sizes.root_correction2;
  let w = &weight[thread];
  let grad = &gradient[max(place, 0)];
  let m = &moment1[thread];
  let v = &moment2[thread];
  for (var i = 0u; i < SEVERAL; i++) {
    let g = (*grad)[i] * factor;
    let mean = beta1 * (*m)[i] + (1.0 - beta1) * g;
    let square = beta2 * (*v)[i] + (1.0 - beta2) * g * g;
    (*w)[i] = (*w)[i] * keep - step_size * mean / (sqrt(square) / root_correction2 + epsilon);
    (*m)[i] = mean;
    (*v)[i] = square;
  }
}
