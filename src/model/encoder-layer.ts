import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../ops/activation/activation.ts";
import { attention, attentionGradient } from "../ops/attention/attention.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import type { Dropout } from "../ops/dropout/random.ts";
import { addAndNorm, addAndNormGradient, type LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import {
  linear,
  linearActivated,
  linearGradientThrough,
  linearInputGradient,
  linearParameterGradient,
} from "../ops/linear/linear.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import {
  addLowRank,
  addLowRankActivated,
  lowRankBackward,
  type LowRankBranches,
  type LowRankSaved,
} from "./low-rank-branches.ts";
import type { LowRankTarget } from "./low-rank.ts";

/** A dense layer's or a LayerNorm's two parameters. */
export interface WeightAndBias {
  weight: Parameter;
  bias: Parameter;
}

export interface EncoderLayerWeights {
  qkv: WeightAndBias;
  attentionOutput: WeightAndBias;
  attentionNorm: WeightAndBias;
  intermediate: WeightAndBias;
  output: WeightAndBias;
  outputNorm: WeightAndBias;
}

export interface EncoderLayerOptions {
  heads: number;
  activation: Activation;
  epsilon: number;
  dropout: { attention: Dropout; attentionOutput: Dropout; output: Dropout };
  lowRank: LowRankBranches;
}

/** What one layer's backward pass needs; `x` is the layer's input. */
export interface EncoderLayerSaved {
  x: Tensor;
  qkv: Tensor;
  context: Tensor;
  lse: Tensor;
  attentionNorm: LayerNormSaved;
  middle: Tensor;
  z: Tensor;
  activated: Tensor;
  outputNorm: LayerNormSaved;
  lowRank: LowRankSaved;
}

/** One layer of an encoder that normalizes after each sum, x[T, H] → y[T, H] (Devlin et al. 2019). */
export function encoderLayerForward(
  weights: EncoderLayerWeights,
  x: Tensor,
  batch: DeviceBatch,
  options: EncoderLayerOptions,
): { y: Tensor; saved: EncoderLayerSaved } {
  const { tokens } = batch;
  const { heads, epsilon, dropout, lowRank } = options;
  const thin: LowRankSaved = {};

  const qkv = linear(x, weights.qkv.weight.value, weights.qkv.bias.value, tokens);
  for (const part of ["query", "key", "value"] as const) addLowRank(lowRank, part, x, qkv, tokens, thin);
  const { out: context, lse } = attention(qkv, batch, { tokens, heads, dropout: dropout.attention });
  const projected = linear(context, weights.attentionOutput.weight.value, weights.attentionOutput.bias.value, tokens);
  addLowRank(lowRank, "attentionOutput", context, projected, tokens, thin);
  const { y: middle, ...attentionNorm } = addAndNorm(
    x,
    projected,
    weights.attentionNorm.weight.value,
    weights.attentionNorm.bias.value,
    { tokens, epsilon, dropout: dropout.attentionOutput },
  );
  projected.dispose();

  const { activated, z } = intermediateForward(weights.intermediate, middle, tokens, options, thin);
  const down = linear(activated, weights.output.weight.value, weights.output.bias.value, tokens);
  addLowRank(lowRank, "output", activated, down, tokens, thin);
  const { y, ...outputNorm } = addAndNorm(
    middle,
    down,
    weights.outputNorm.weight.value,
    weights.outputNorm.bias.value,
    { tokens, epsilon, dropout: dropout.output },
  );
  down.dispose();
  return { y, saved: { x, qkv, context, lse, attentionNorm, middle, z, activated, outputNorm, lowRank: thin } };
}

/** z = x · wᵀ + b and act(z); with LoRA beside w the two take a kernel each, since its part comes between. */
function intermediateForward(
  { weight, bias }: WeightAndBias,
  x: Tensor,
  tokens: number,
  { activation, lowRank }: EncoderLayerOptions,
  thin: LowRankSaved,
): { activated: Tensor; z: Tensor } {
  const pair = lowRank.pairs.intermediate;
  if (!pair) {
    const { y: activated, z } = linearActivated(x, weight.value, bias.value, tokens, activation);
    return { activated, z };
  }
  const z = linear(x, weight.value, bias.value, tokens);
  return { activated: addLowRankActivated(lowRank, "intermediate", pair, x, z, tokens, activation, thin), z };
}

/** Gives back what a forward pass saved, the layer's input included. */
export function disposeSaved(saved: EncoderLayerSaved): void {
  disposeInner(saved);
  saved.x.dispose();
}

/** Gives back what a forward pass saved, but the layer's input. */
export function disposeInner(saved: EncoderLayerSaved): void {
  const { qkv, context, lse, attentionNorm, middle, z, activated, outputNorm, lowRank } = saved;
  for (const held of [qkv, context, lse, middle, z, activated, ...Object.values(lowRank)]) held.dispose();
  for (const { normalized, rstd } of [attentionNorm, outputNorm]) {
    normalized.dispose();
    rstd.dispose();
  }
}

/**
 * Adds the gradients of the layer's weights that train and returns dx, or null when nothing below needs it. Takes dy;
 * `saved` stays the caller's.
 */
export function encoderLayerBackward(
  weights: EncoderLayerWeights,
  dy: Tensor,
  saved: EncoderLayerSaved,
  batch: DeviceBatch,
  options: EncoderLayerOptions,
  trains: (parameter: Parameter) => boolean,
  wantsInput: boolean,
  gradients: Gradients,
): Tensor | null {
  const { tokens } = batch;
  const { heads, activation, dropout, lowRank } = options;
  const throughLowRank = (
    target: LowRankTarget,
    x: Tensor,
    gradient: Tensor,
    dx: Tensor | null,
    through?: { z: Tensor; activation: Activation },
  ) => lowRankBackward(lowRank, target, { x, dy: gradient, dx, through }, tokens, saved.lowRank, trains, gradients);
  const keepDense = (layer: WeightAndBias, gradient: Tensor, input: Tensor) => {
    if (!trains(layer.weight) && !trains(layer.bias)) return;
    const { dWeight, dBias } = linearParameterGradient(gradient, input, tokens);
    gradients.set(layer.weight, dWeight).set(layer.bias, dBias);
  };
  const throughNorm = (layer: WeightAndBias, gradient: Tensor, normSaved: LayerNormSaved, branch: Dropout) => {
    const wantsParameters = trains(layer.weight) || trains(layer.bias);
    const normOptions = { tokens, dropout: branch, wantsParameters };
    const { parameters, ...below } = addAndNormGradient(gradient, normSaved, layer.weight.value, normOptions);
    if (parameters) gradients.set(layer.weight, parameters.dGamma).set(layer.bias, parameters.dBeta);
    gradient.dispose();
    return below;
  };

  const upper = throughNorm(weights.outputNorm, dy, saved.outputNorm, dropout.output);
  keepDense(weights.output, upper.dBranch, saved.activated);
  const dz = linearGradientThrough(upper.dBranch, weights.output.weight.value, tokens, saved.z, activation);
  throughLowRank("output", saved.activated, upper.dBranch, dz, { z: saved.z, activation });
  upper.dBranch.dispose();
  keepDense(weights.intermediate, dz, saved.middle);
  const dMiddle = linearInputGradient(dz, weights.intermediate.weight.value, tokens, upper.dx);
  throughLowRank("intermediate", saved.middle, dz, dMiddle);
  dz.dispose();
  upper.dx.dispose();

  const lower = throughNorm(weights.attentionNorm, dMiddle, saved.attentionNorm, dropout.attentionOutput);
  keepDense(weights.attentionOutput, lower.dBranch, saved.context);
  const dContext = linearInputGradient(lower.dBranch, weights.attentionOutput.weight.value, tokens);
  throughLowRank("attentionOutput", saved.context, lower.dBranch, dContext);
  lower.dBranch.dispose();
  const attentionSaved = { qkv: saved.qkv, out: saved.context, lse: saved.lse };
  const dQkv = attentionGradient(dContext, attentionSaved, batch, { tokens, heads, dropout: dropout.attention });
  dContext.dispose();
  keepDense(weights.qkv, dQkv, saved.x);
  const dx = wantsInput ? linearInputGradient(dQkv, weights.qkv.weight.value, tokens, lower.dx) : null;
  for (const part of ["query", "key", "value"] as const) throughLowRank(part, saved.x, dQkv, dx);
  dQkv.dispose();
  lower.dx.dispose();
  return dx;
}
