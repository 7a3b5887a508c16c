// An AdamW step of up to three small parameters, in place (step.wgsl), by g = clip factor · gradient. Their moments lie
// in one buffer: `count` first moments of a parameter from `at` on, then its second ones. A step whose gradients are
// not finite changes nothing. Workgroups (x, y) are parameter y's; one number per thread.

struct Member { count: u32, at: u32, unused1: u32, unused2: u32, rates: Rates }
struct Sizes { beta1: f32, beta2: f32, epsilon: f32, unused: f32, members: array<Member, 3> }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> clip: array<f32>;
@group(0) @binding(2) var<storage, read_write> moments: array<f32>;
@group(0) @binding(3) var<storage, read> gradient0: array<f32>;
@group(0) @binding(4) var<storage, read_write> weight0: array<f32>;
@group(0) @binding(5) var<storage, read> gradient1: array<f32>;
@group(0) @binding(6) var<storage, read_write> weight1: array<f32>;
@group(0) @binding(7) var<storage, read> gradient2: array<f32>;
@group(0) @binding(8) var<storage, read_write> weight2: array<f32>;

// The new weight; the moments are stored here.
fn updated(member: Member, i: u32, weight: f32, gradient: f32) -> f32 {
  let first = member.at + i;
  let second = first + member.count;
  let next = stepped(State(weight, moments[first], moments[second]), gradient * clip[1],
    Betas(sizes.beta1, sizes.beta2, sizes.epsilon), member.rates);
  moments[first] = next.moment1;
  moments[second] = next.moment2;
  return next.weight;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  let member = sizes.members[group.y];
  if (i >= member.count || clip[2] != 0.0) { return; }
  switch (group.y) {
    case 0u: { weight0[i] = updated(member, i, weight0[i], gradient0[i]); }
    case 1u: { weight1[i] = updated(member, i, weight1[i], gradient1[i]); }
    default: { weight2[i] = updated(member, i, weight2[i], gradient2[i]); }
  }
}
