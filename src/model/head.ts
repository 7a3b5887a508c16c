import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../ops/activation/activation.ts";
import { dropout as drop } from "../ops/dropout/mask.ts";
import type { Dropout } from "../ops/dropout/random.ts";
import {
  linear,
  linearActivated,
  linearGradientThrough,
  linearInputGradient,
  linearParameterGradient,
} from "../ops/linear/linear.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import type { WeightAndBias } from "./encoder-layer.ts";

export interface HeadWeights {
  /** Null where the classifier reads the pooled rows themselves. */
  pooler: (WeightAndBias & { activation: Activation }) | null;
  classifier: WeightAndBias;
}

/** The pooler's output before its activation (null without a pooler), and the classifier's input, each [B, H]. */
export interface HeadSaved {
  z: Tensor | null;
  dropped: Tensor;
}

/**
 * logits[B, C] = classifier(dropout(act(pooler(x)))) of the pooled rows x[B, H]; without a pooler
 * classifier(dropout(x)).
 */
export function headForward(
  { pooler, classifier }: HeadWeights,
  x: Tensor,
  rows: number,
  dropout: Dropout,
): { logits: Tensor; saved: HeadSaved } {
  const dense = pooler && linearActivated(x, pooler.weight.value, pooler.bias.value, rows, pooler.activation);
  const dropped = drop(dense?.y ?? x, rows * (x.shape[1] ?? 0), dropout);
  dense?.y.dispose();
  const logits = linear(dropped, classifier.weight.value, classifier.bias.value, rows);
  return { logits, saved: { z: dense?.z ?? null, dropped } };
}

export function disposeHead({ z, dropped }: HeadSaved): void {
  z?.dispose();
  dropped.dispose();
}

/** Adds the head's gradients and returns dx[B, H] of the pooled rows, or null when nothing below needs it. */
export function headBackward(
  { pooler, classifier }: HeadWeights,
  dLogits: Tensor,
  x: Tensor,
  { z, dropped }: HeadSaved,
  rows: number,
  dropout: Dropout,
  trains: (parameter: Parameter) => boolean,
  wantsInput: boolean,
  gradients: Gradients,
): Tensor | null {
  const keep = (layer: WeightAndBias, gradient: Tensor, input: Tensor) => {
    if (!trains(layer.weight) && !trains(layer.bias)) return;
    const { dWeight, dBias } = linearParameterGradient(gradient, input, rows);
    gradients.set(layer.weight, dWeight).set(layer.bias, dBias);
  };
  const count = rows * (x.shape[1] ?? 0);
  keep(classifier, dLogits, dropped);
  if (!pooler || !z) {
    if (!wantsInput) return null;
    const dDropped = linearInputGradient(dLogits, classifier.weight.value, rows);
    const dx = drop(dDropped, count, dropout);
    dDropped.dispose();
    return dx;
  }
  if (!wantsInput && !trains(pooler.weight) && !trains(pooler.bias)) return null;
  // The activation's slope and the mask both multiply, so their order does not matter: the slope goes into the matmul's epilogue.
  const through = linearGradientThrough(dLogits, classifier.weight.value, rows, z, pooler.activation);
  const dz = drop(through, count, dropout);
  through.dispose();
  keep(pooler, dz, x);
  const dx = wantsInput ? linearInputGradient(dz, pooler.weight.value, rows) : null;
  dz.dispose();
  return dx;
}
