import type { Tensor } from "@tensorflow/tfjs-core";
import { computeOnHost, hostOutput, hostView } from "../host.ts";
import type { BackwardInputs, BackwardOptions, ForwardInputs, ForwardOptions, LayerNormGradients } from "./options.ts";
import { keepFactor, type Dropout } from "../dropout/random.ts";

export function forward({ x, branch, gamma, beta }: ForwardInputs, { epsilon, dropout }: ForwardOptions) {
  const hidden = gamma.size;
  const rstd = hostOutput([x.shape[0] ?? 0]);
  const normalized = computeOnHost([x, branch ?? x], x.shape, (out, xs, branches) => {
    const deviations = hostView(rstd);
    for (let t = 0; t < deviations.length; t++) {
      const start = t * hidden;
      let sum = 0;
      for (let i = start; i < start + hidden; i++) {
        const s = (xs[i] ?? 0) + (branch ? (branches[i] ?? 0) * keepFactor(dropout, i) : 0);
        out[i] = s;
        sum += s;
      }
      const mean = sum / hidden;
      let squares = 0;
      for (let i = start; i < start + hidden; i++) squares += ((out[i] ?? 0) - mean) ** 2;
      const r = 1 / Math.sqrt(squares / hidden + epsilon);
      for (let i = start; i < start + hidden; i++) out[i] = ((out[i] ?? 0) - mean) * r;
      deviations[t] = r;
    }
  });
  const y = computeOnHost([normalized, gamma, beta], x.shape, (out, normal, scale, shift) => {
    for (let i = 0; i < out.length; i++) {
      const h = i % hidden;
      const value = (normal[i] ?? 0) * (scale[h] ?? 0) + (shift[h] ?? 0);
      out[i] = branch ? value : value * keepFactor(dropout, i);
    }
  });
  return { y, normalized, rstd };
}

export function backward(
  { dy, normalized, rstd, gamma }: BackwardInputs,
  { dropout, onBranch, wantsParameters }: BackwardOptions,
): LayerNormGradients {
  const hidden = gamma.size;
  const dx = computeOnHost([dy, normalized, rstd, gamma], dy.shape, (out, gradient, normal, deviation, scale) => {
    for (let t = 0; t < deviation.length; t++) {
      const start = t * hidden;
      let sum = 0;
      let sumNormal = 0;
      for (let h = 0; h < hidden; h++) {
        const i = start + h;
        const g = (gradient[i] ?? 0) * (scale[h] ?? 0) * (onBranch ? 1 : keepFactor(dropout, i));
        out[i] = g;
        sum += g;
        sumNormal += g * (normal[i] ?? 0);
      }
      const r = deviation[t] ?? 0;
      for (let i = start; i < start + hidden; i++) {
        out[i] = r * ((out[i] ?? 0) - sum / hidden - ((normal[i] ?? 0) * sumNormal) / hidden);
      }
    }
  });
  const parameters = wantsParameters ? parameterGradient(dy, normalized, dropout, onBranch) : {};
  if (!onBranch) return { dx, ...parameters };
  const dBranch = computeOnHost([dx], dy.shape, (out, values) => {
    for (let i = 0; i < out.length; i++) out[i] = (values[i] ?? 0) * keepFactor(dropout, i);
  });
  return { dx, dBranch, ...parameters };
}

function parameterGradient(dy: Tensor, normalized: Tensor, dropout: Dropout, onBranch: boolean) {
  const hidden = dy.shape[1] ?? 0;
  const dBeta = hostOutput([hidden]);
  const dGamma = computeOnHost([dy, normalized], [hidden], (gammas, gradient, normal) => {
    const betas = hostView(dBeta);
    for (let i = 0; i < gradient.length; i++) {
      const h = i % hidden;
      const g = (gradient[i] ?? 0) * (onBranch ? 1 : keepFactor(dropout, i));
      gammas[h] = (gammas[h] ?? 0) + g * (normal[i] ?? 0);
      betas[h] = (betas[h] ?? 0) + g;
    }
  });
  return { dGamma, dBeta };
}
