// An AdamW step of one parameter, in place (step.wgsl), by g = clip factor · gradient. A step whose gradients are not
// finite changes nothing. SEVERAL elements in one row per thread, so that they share one index and one reading of the rates.

struct Sizes { threads: u32, beta1: f32, beta2: f32, epsilon: f32, rates: Rates }
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
  let factor = clip[1];
  let betas = Betas(sizes.beta1, sizes.beta2, sizes.epsilon);
  let rates = sizes.rates;
  let w = &weight[thread];
  let g = &gradient[thread];
  let m = &moment1[thread];
  let v = &moment2[thread];
  for (var i = 0u; i < SEVERAL; i++) {
    let next = stepped(State((*w)[i], (*m)[i], (*v)[i]), (*g)[i] * factor, betas, rates);
    (*w)[i] = next.weight;
    (*m)[i] = next.moment1;
    (*v)[i] = next.moment2;
  }
}
