// One AdamW step, decoupled decay and bias correction (Loshchilov & Hutter 2019; as torch.optim.AdamW):
//   w -= lr·decay·w,  m = b1·m + (1 - b1)·g,  v = b2·v + (1 - b2)·g²
//   w -= lr / correction1 · m / (√v / √correction2 + epsilon)
// `element` is vec4<f32> or f32. A kernel reads the uniforms once and passes them on.

struct Betas { beta1: f32, beta2: f32, epsilon: f32 }
struct Rates { rate: f32, decay: f32, step_size: f32, root_correction2: f32 }
struct State { weight: element, moment1: element, moment2: element }

fn stepped(old: State, g: element, betas: Betas, rates: Rates) -> State {
  let m = betas.beta1 * old.moment1 + (1.0 - betas.beta1) * g;
  let v = betas.beta2 * old.moment2 + (1.0 - betas.beta2) * g * g;
  let weight = old.weight * (1.0 - rates.rate * rates.decay)
    - rates.step_size * m / (sqrt(v) / rates.root_correction2 + element(betas.epsilon));
  return State(weight, m, v);
}
