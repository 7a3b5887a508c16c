/** The activations a linear op can end with; "none" leaves its output as it is. `activation.wgsl` is the twin. */
export type Activation = "none" | "gelu" | "gelu_new" | "relu" | "tanh";

/** Number of each activation in `activation.wgsl`. */
export const ACTIVATION_CODE: Record<Activation, number> = { none: 0, gelu: 1, gelu_new: 2, relu: 3, tanh: 4 };

/**
 * The error function to about 1e-7: the rational approximation that Eigen and XLA use for float32,
 * x · P(x²) / Q(x²) with x clamped to ±4.
 */
function erf(value: number): number {
  const x = Math.max(-4, Math.min(4, value));
  const s = x * x;
  const p =
    -1.60960333262415e-2 +
    s *
      (-2.95459980854025e-3 +
        s *
          (-7.34990630326855e-4 +
            s *
              (-5.69250639462346e-5 +
                s * (-2.10102402082508e-6 + s * (2.77068142495902e-8 + s * -2.72614225801306e-10)))));
  const q =
    -1.42647390514189e-2 +
    s * (-7.37332916720468e-3 + s * (-1.68282697438203e-3 + s * (-2.13374055278905e-4 + s * -1.45660718464996e-5)));
  return (x * p) / q;
}

const SQRT_HALF = Math.SQRT1_2;
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

/** act(x). GELU: Hendrycks & Gimpel 2016; "gelu_new" is its tanh form, as in transformers. */
export function activate(kind: Activation, x: number): number {
  switch (kind) {
    case "none":
      return x;
    case "gelu":
      return 0.5 * x * (1 + erf(x * SQRT_HALF));
    case "gelu_new":
      return 0.5 * x * (1 + Math.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x * x * x)));
    case "relu":
      return Math.max(0, x);
    case "tanh":
      return Math.tanh(x);
  }
}

/** d act(x) / dx. */
export function activationSlope(kind: Activation, x: number): number {
  switch (kind) {
    case "none":
      return 1;
    case "gelu":
      return 0.5 * (1 + erf(x * SQRT_HALF)) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
    case "gelu_new": {
      const t = Math.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x * x * x));
      return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * SQRT_2_OVER_PI * (1 + 3 * 0.044715 * x * x);
    }
    case "relu":
      return x > 0 ? 1 : 0;
    case "tanh": {
      const t = Math.tanh(x);
      return 1 - t * t;
    }
  }
}
