import type { Tensor } from "@tensorflow/tfjs-core";
import type { DeviceBatch } from "../ops/device-batch.ts";
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
import { poolFirst, poolFirstGradient } from "../ops/pool/pool.ts";
import type { WeightAndBias } from "./encoder-layer.ts";

export interface HeadWeights {
  pooler: WeightAndBias;
  classifier: WeightAndBias;
}

/** [CLS] vectors, the pooler's output before tanh, and the classifier's input, each [B, H]. */
export interface HeadSaved {
  first: Tensor;
  z: Tensor;
  dropped: Tensor;
}

/** logits[B, C] = classifier(dropout(tanh(pooler([CLS])))), as `BertForSequenceClassification`. */
export function headForward(
  weights: HeadWeights,
  x: Tensor,
  batch: DeviceBatch,
  dropout: Dropout,
): { logits: Tensor; saved: HeadSaved } {
  const { rows } = batch;
  const { pooler, classifier } = weights;
  const first = poolFirst(x, batch);
  const { y: pooled, z } = linearActivated(first, pooler.weight.value, pooler.bias.value, rows, "tanh");
  const dropped = drop(pooled, rows * (pooled.shape[1] ?? 0), dropout);
  pooled.dispose();
  const logits = linear(dropped, classifier.weight.value, classifier.bias.value, rows);
  return { logits, saved: { first, z, dropped } };
}

export function disposeHead(saved: HeadSaved): void {
  for (const held of Object.values(saved) as Tensor[]) held.dispose();
}

/** Adds the head's gradients and returns dx[T, H], or null when nothing below needs it. */
export function headBackward(
  weights: HeadWeights,
  dLogits: Tensor,
  saved: HeadSaved,
  batch: DeviceBatch,
  dropout: Dropout,
  trains: (parameter: Parameter) => boolean,
  wantsInput: boolean,
  gradients: Gradients,
): Tensor | null {
  const { rows } = batch;
  const { pooler, classifier } = weights;
  const keep = (layer: WeightAndBias, gradient: Tensor, input: Tensor) => {
    if (!trains(layer.weight) && !trains(layer.bias)) return;
    const { dWeight, dBias } = linearParameterGradient(gradient, input, rows);
    gradients.set(layer.weight, dWeight).set(layer.bias, dBias);
  };
  keep(classifier, dLogits, saved.dropped);
  if (!wantsInput && !trains(pooler.weight) && !trains(pooler.bias)) return null;
  // tanh′ and the mask both multiply, so their order does not matter: the slope goes into the matmul's epilogue.
  const through = linearGradientThrough(dLogits, classifier.weight.value, rows, saved.z, "tanh");
  const dz = drop(through, rows * (through.shape[1] ?? 0), dropout);
  through.dispose();
  keep(pooler, dz, saved.first);
  const dFirst = wantsInput ? linearInputGradient(dz, pooler.weight.value, rows) : null;
  dz.dispose();
  if (!dFirst) return null;
  const dx = poolFirstGradient(dFirst, batch);
  dFirst.dispose();
  return dx;
}
