// The twin of activation.ts; ACTIVATION says which (0 none, 1 gelu, 2 gelu_new, 3 relu, 4 tanh). `element` is the
// kernel's, f32 or vec4<f32>.

// Clamped: tanh of a large argument is indeterminate in f32 on some drivers.
fn safe_tanh(x: element) -> element { return tanh(clamp(x, element(-15.0), element(15.0))); }

fn erf(value: element) -> element {
  let x = clamp(value, element(-4.0), element(4.0));
  let s = x * x;
  let p = -1.60960333262415e-2 + s * (-2.95459980854025e-3 + s * (-7.34990630326855e-4 + s * (-5.69250639462346e-5
    + s * (-2.10102402082508e-6 + s * (2.77068142495902e-8 + s * -2.72614225801306e-10)))));
  let q = -1.42647390514189e-2 + s * (-7.37332916720468e-3 + s * (-1.68282697438203e-3 + s * (-2.13374055278905e-4
    + s * -1.45660718464996e-5)));
  return x * p / q;
}

fn gelu_new_inner(x: element) -> element { return safe_tanh(0.7978845608 * (x + 0.044715 * x * x * x)); }

fn activate(x: element) -> element {
  switch (ACTIVATION) {
    case 1u: { return 0.5 * x * (1.0 + erf(x * 0.7071067812)); }
    case 2u: { return 0.5 * x * (1.0 + gelu_new_inner(x)); }
    case 3u: { return max(element(0.0), x); }
    case 4u: { return safe_tanh(x); }
    default: { return x; }
  }
}

fn activation_slope(x: element) -> element {
  switch (ACTIVATION) {
    case 1u: { return 0.5 * (1.0 + erf(x * 0.7071067812)) + x * exp(-0.5 * x * x) * 0.3989422804; }
    case 2u: {
      let t = gelu_new_inner(x);
      return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * 0.7978845608 * (1.0 + 0.134145 * x * x);
    }
    case 3u: { return select(element(0.0), element(1.0), x > element(0.0)); }
    case 4u: { let t = safe_tanh(x); return 1.0 - t * t; }
    default: { return element(1.0); }
  }
}
