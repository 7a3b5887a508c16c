// An AdamW step of one parameter, in place (step.wgsl), by g = clip factor · gradient. A step whose gradients are not
// finite changes nothing. One element a thread.

struct Sizes { count: u32, beta1: f32, beta2: f32, epsilon: f32, rates: Rates }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> clip: array<f32>;
@group(0) @binding(2) var<storage, read_write> moment1: array<element>;
@group(0) @binding(3) var<storage, read_write> moment2: array<element>;
@group(0) @binding(4) var<storage, read> gradient: array<element>;
@group(0) @binding(5) var<storage, read_write> weight: array<element>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.x + group.z * 65535u) * 64u + local.x;
  if (i >= sizes.count || clip[2] != 0.0) { return; }
  let next = stepped(State(weight[i], moment1[i], moment2[i]), gradient[i] * clip[1], sizes.rates);
  weight[i] = next.weight;
  moment1[i] = next.moment1;
  moment2[i] = next.moment2;
}
