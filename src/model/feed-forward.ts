import type { Tensor } from "@tensorflow/tfjs-core";
import { linear, linearActivated, linearGradientThrough, linearInputGradient } from "../ops/linear/linear.ts";
import { gated, gatedGradient } from "../ops/gated/gated.ts";
import type { LayerBackward, LayerForward } from "./layer-pass.ts";
import { addLowRank, addLowRankActivated, lowRankBackward } from "./low-rank-branches.ts";
import { keepDense, type WeightAndBias } from "./parameter-gradients.ts";

export interface FeedForwardWeights {
  intermediate: WeightAndBias;
  output: WeightAndBias;
}

/** What goes into the activation and what comes out of it, each [T, I]; where it is gated, z is [T, 2·I]. */
export interface FeedForwardSaved {
  z: Tensor;
  activated: Tensor;
}

/** y[T, H] = output(act(intermediate(x[T, H]))). */
export function feedForwardForward(
  { intermediate, output }: FeedForwardWeights,
  x: Tensor,
  pass: LayerForward,
): { y: Tensor; saved: FeedForwardSaved } {
  const saved = intermediateForward(intermediate, x, pass);
  const y = linear(saved.activated, output.weight.value, output.bias.value, pass.batch.tokens);
  addLowRank(pass, "output", saved.activated, y);
  return { y, saved };
}

/** z = x · wᵀ + b and act(z); with LoRA beside w the two take a kernel each, since its part comes between. */
function intermediateForward({ weight, bias }: WeightAndBias, x: Tensor, pass: LayerForward): FeedForwardSaved {
  const { tokens } = pass.batch;
  const { activation, lowRank, isGated } = pass.options;
  if (isGated) {
    const z = linear(x, weight.value, bias.value, tokens);
    addLowRank(pass, "intermediate", x, z);
    return { activated: gated(z, activation, tokens), z };
  }
  const pair = lowRank.pairs.intermediate;
  if (!pair) {
    const { y: activated, z } = linearActivated(x, weight.value, bias.value, tokens, activation);
    return { activated, z };
  }
  const z = linear(x, weight.value, bias.value, tokens);
  return { activated: addLowRankActivated(pass, "intermediate", pair, x, z), z };
}

/**
 * Adds the gradients of the weights that train and returns dx[T, H], plus `residual` where x also went past. Takes dy,
 * which is freed as soon as it was read.
 */
export function feedForwardBackward(
  { intermediate, output }: FeedForwardWeights,
  dy: Tensor,
  { x, z, activated }: FeedForwardSaved & { x: Tensor },
  pass: LayerBackward,
  residual?: Tensor,
): Tensor {
  const { tokens } = pass.batch;
  const { activation } = pass.options;
  const throughActivation = () => {
    const gradient = linearGradientThrough(dy, output.weight.value, tokens, z, activation);
    lowRankBackward(pass, "output", { x: activated, dy, dx: gradient, through: { z, activation } });
    return gradient;
  };
  keepDense(output, dy, activated, tokens, pass);
  const dz = pass.options.isGated ? gatedBackward(output, dy, { x, z, activated }, pass) : throughActivation();
  dy.dispose();
  keepDense(intermediate, dz, x, tokens, pass);
  const dx = linearInputGradient(dz, intermediate.weight.value, tokens, residual);
  lowRankBackward(pass, "intermediate", { x, dy: dz, dx });
  dz.dispose();
  return dx;
}

/** dz[T, 2·I] of a gated activation, from the gradient of what comes after it. */
function gatedBackward(
  output: WeightAndBias,
  dy: Tensor,
  { z, activated }: FeedForwardSaved & { x: Tensor },
  pass: LayerBackward,
): Tensor {
  const { tokens } = pass.batch;
  const dActivated = linearInputGradient(dy, output.weight.value, tokens);
  lowRankBackward(pass, "output", { x: activated, dy, dx: dActivated });
  const dz = gatedGradient(dActivated, z, pass.options.activation, tokens);
  dActivated.dispose();
  return dz;
}
