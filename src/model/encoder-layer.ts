import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import { addDropped, dropout as drop } from "../ops/dropout/mask.ts";
import type { Dropout } from "../ops/dropout/random.ts";
import { addAndNorm, addAndNormGradient, type LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import { view } from "../ops/view/view.ts";
import type { LayerForm } from "./config.ts";
import {
  feedForwardBackward,
  feedForwardForward,
  type FeedForwardSaved,
  type FeedForwardWeights,
} from "./feed-forward.ts";
import type { EncoderLayerOptions, LayerBackward, LowRankSaved } from "./layer-pass.ts";
import { disposeNorm, normBackward, normForward } from "./norm.ts";
import { keepGradient, placeIn, type WeightAndBias } from "./parameter-gradients.ts";
import {
  selfAttentionBackward,
  selfAttentionForward,
  type SelfAttentionSaved,
  type SelfAttentionWeights,
} from "./self-attention.ts";

export interface EncoderLayerWeights extends SelfAttentionWeights, FeedForwardWeights {
  /** Null in a layer that attends to its input as it is. */
  attentionNorm: WeightAndBias | null;
  outputNorm: WeightAndBias;
}

/** What one layer's backward pass needs. */
export interface EncoderLayerSaved {
  /** `x` is what attention read [T, H]; in a post-norm layer that is the layer's own input, which the encoder frees. */
  attention: SelfAttentionSaved & { x: Tensor };
  attentionNorm: LayerNormSaved | null;
  feedForward: FeedForwardSaved & { x: Tensor };
  outputNorm: LayerNormSaved;
  lowRank: LowRankSaved;
}

/** One form of an encoder's layers, x[T, H] → y[T, H]: attention and feed-forward, each with its norm and its sum. */
export interface EncoderLayer {
  /** Whether the backward pass reads x; else it may be freed after the forward pass. */
  readonly savesInput: boolean;
  /** x stays the caller's. */
  forward(
    weights: EncoderLayerWeights,
    x: Tensor,
    batch: DeviceBatch,
    options: EncoderLayerOptions,
  ): { y: Tensor; saved: EncoderLayerSaved };
  /**
   * Adds the gradients of the layer's weights that train and returns dx, or null when nothing below needs it. Takes dy;
   * `saved` stays the caller's.
   */
  backward(
    weights: EncoderLayerWeights,
    dy: Tensor,
    saved: EncoderLayerSaved,
    pass: Omit<LayerBackward, "lowRank">,
    wantsInput: boolean,
  ): Tensor | null;
  /** Frees what a forward pass saved, but not the layer's input. */
  dispose(saved: EncoderLayerSaved): void;
}

/** Normalizes after each sum (Vaswani et al. 2017). */
const postNorm: EncoderLayer = {
  savesInput: true,

  forward(weights, x, batch, options) {
    const { tokens } = batch;
    const { epsilon, dropout } = options;
    const pass = { batch, options, lowRank: {} };
    const sum = (residual: Tensor, branch: Tensor, { weight, bias }: WeightAndBias, site: Dropout) => {
      const shape = { tokens, epsilon, dropout: site };
      const { y, ...saved } = addAndNorm(residual, branch, weight.value, bias.value, shape);
      branch.dispose();
      return { y, saved };
    };
    const { y: projected, saved: attention } = selfAttentionForward(weights, x, pass);
    const middle = sum(x, projected, ofSum(weights.attentionNorm), dropout.attentionOutput);
    const { y: down, saved: feedForward } = feedForwardForward(weights, middle.y, pass);
    const { y, saved: outputNorm } = sum(middle.y, down, weights.outputNorm, dropout.output);
    const saved = {
      attention: { ...attention, x },
      attentionNorm: middle.saved,
      feedForward: { ...feedForward, x: middle.y },
      outputNorm,
      lowRank: pass.lowRank,
    };
    return { y, saved };
  },

  backward(weights, dy, saved, others, wantsInput) {
    const pass = { ...others, lowRank: saved.lowRank };
    const { trains, options } = pass;
    const { tokens } = pass.batch;
    const throughSum = (
      { weight, bias }: WeightAndBias,
      gradient: Tensor,
      inside: LayerNormSaved,
      dropout: Dropout,
    ) => {
      const wantsParameters = trains(weight) || trains(bias);
      const shape = {
        tokens,
        dropout,
        wantsParameters,
        into: { gamma: placeIn(pass, weight), beta: placeIn(pass, bias) },
      };
      const { parameters, ...below } = addAndNormGradient(gradient, inside, weight.value, shape);
      if (parameters) {
        keepGradient(pass, weight, parameters.dGamma);
        keepGradient(pass, bias, parameters.dBeta);
      }
      gradient.dispose();
      return below;
    };
    const upper = throughSum(weights.outputNorm, dy, saved.outputNorm, options.dropout.output);
    const dMiddle = feedForwardBackward(weights, upper.dBranch, saved.feedForward, pass, upper.dx);
    upper.dx.dispose();
    const norm = ofSum(weights.attentionNorm);
    const lower = throughSum(norm, dMiddle, ofSum(saved.attentionNorm), options.dropout.attentionOutput);
    const below = { wantsInput, residual: lower.dx };
    const dx = selfAttentionBackward(weights, lower.dBranch, saved.attention, pass, below);
    lower.dx.dispose();
    return dx;
  },

  dispose: disposeInner,
};

/**
 * Normalizes what attention and feed-forward read, and leaves the sums as they are (Xiong et al. 2020). The norm after
 * the last layer belongs to the encoder.
 */
const preNorm: EncoderLayer = {
  savesInput: false,

  forward(weights, x, batch, options) {
    const { tokens } = batch;
    const { epsilon, dropout } = options;
    const pass = { batch, options, lowRank: {} };
    const sum = (residual: Tensor, branch: Tensor, site: Dropout) => {
      const y = addDropped(residual, branch, tokens * (residual.shape[1] ?? 0), site);
      branch.dispose();
      return y;
    };
    const upper = weights.attentionNorm
      ? normForward(weights.attentionNorm, x, { tokens, epsilon })
      : { y: view(x), saved: null };
    const { y: projected, saved: attention } = selfAttentionForward(weights, upper.y, pass);
    const middle = sum(x, projected, dropout.attentionOutput);
    const lower = normForward(weights.outputNorm, middle, { tokens, epsilon });
    const { y: down, saved: feedForward } = feedForwardForward(weights, lower.y, pass);
    const y = sum(middle, down, dropout.output);
    middle.dispose();
    const saved = {
      attention: { ...attention, x: upper.y },
      attentionNorm: upper.saved,
      feedForward: { ...feedForward, x: lower.y },
      outputNorm: lower.saved,
      lowRank: pass.lowRank,
    };
    return { y, saved };
  },

  backward(weights, dy, saved, others, wantsInput) {
    const pass = { ...others, lowRank: saved.lowRank };
    const { trains, batch, options } = pass;
    const branchOf = (gradient: Tensor, site: Dropout) => drop(gradient, batch.tokens * (gradient.shape[1] ?? 0), site);
    /** The gradient of what was normalized and also went past the norm to the sum. Takes both gradients. */
    const throughNorm = (norm: WeightAndBias, branch: Tensor, inside: LayerNormSaved, past: Tensor) => {
      const gradient = normBackward(norm, branch, inside, { tokens: batch.tokens }, pass);
      accumulate(gradient, past);
      past.dispose();
      return gradient;
    };
    const dLower = feedForwardBackward(weights, branchOf(dy, options.dropout.output), saved.feedForward, pass);
    const dMiddle = throughNorm(weights.outputNorm, dLower, saved.outputNorm, dy);
    const norm = weights.attentionNorm;
    const below = { wantsInput: wantsInput || (norm !== null && (trains(norm.weight) || trains(norm.bias))) };
    const dProjected = branchOf(dMiddle, options.dropout.attentionOutput);
    const dUpper = selfAttentionBackward(weights, dProjected, saved.attention, pass, below);
    if (!dUpper) {
      dMiddle.dispose();
      return null;
    }
    const dx =
      norm && saved.attentionNorm ? throughNorm(norm, dUpper, saved.attentionNorm, dMiddle) : added(dUpper, dMiddle);
    if (wantsInput) return dx;
    dx.dispose();
    return null;
  },

  dispose(saved) {
    disposeInner(saved);
    saved.attention.x.dispose();
  },
};

/** A norm of a post-norm layer, all of which have one. */
function ofSum<T>(norm: T | null): T {
  if (norm === null) throw new Error("A layer that norms its sums has a norm after attention.");
  return norm;
}

/** The sum of two gradients; takes both. */
function added(gradient: Tensor, past: Tensor): Tensor {
  accumulate(gradient, past);
  past.dispose();
  return gradient;
}

/** Frees all that is saved but what attention reads. */
function disposeInner({ attention, attentionNorm, feedForward, outputNorm, lowRank }: EncoderLayerSaved): void {
  const { qkv, context, lse } = attention;
  const { x: middle, z, activated } = feedForward;
  for (const held of [qkv, context, lse, middle, z, activated, ...Object.values(lowRank)]) held.dispose();
  if (attentionNorm) disposeNorm(attentionNorm);
  disposeNorm(outputNorm);
}

export const encoderLayers: Record<LayerForm, EncoderLayer> = { "post-norm": postNorm, "pre-norm": preNorm };
