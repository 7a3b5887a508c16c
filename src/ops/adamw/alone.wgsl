// One AdamW step in place, decoupled decay and bias correction (Loshchilov & Hutter 2019; as torch.optim.AdamW):
//   g = clip factor · gradient,  w -= lr·decay·w,  m = b1·m + (1 - b1)·g,  v = b2·v + (1 - b2)·g²
//   w -= lr / correction1 · m / (√v / √correction2 + epsilon)
// A step whose gradients are not finite changes nothing. `element` is vec4<f32> or f32, by the parameter's size.

struct Sizes {
  count: u32, rate: f32, decay: f32, beta1: f32, beta2: f32, epsilon: f32, step_size: f32, root_correction2: f32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> gradient: array<element>;
@group(0) @binding(2) var<storage, read> clip: array<f32>;
@group(0) @binding(3) var<storage, read_write> weight: array<element>;
@group(0) @binding(4) var<storage, read_write> moment1: array<element>;
@group(0) @binding(5) var<storage, read_write> moment2: array<element>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.x + group.z * 65535u) * 64u + local.x;
  if (i >= sizes.count || clip[2] != 0.0) { return; }
  let g = gradient[i] * clip[1];
  let m = sizes.beta1 * moment1[i] + (1.0 - sizes.beta1) * g;
  let v = sizes.beta2 * moment2[i] + (1.0 - sizes.beta2) * g * g;
  moment1[i] = m;
  moment2[i] = v;
  weight[i] = weight[i] * (1.0 - sizes.rate * sizes.decay)
    - sizes.step_size * m / (sqrt(v) / sizes.root_correction2 + element(sizes.epsilon));
}
