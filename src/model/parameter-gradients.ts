import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import { clear } from "../ops/clear/clear.ts";
import { linearParameterGradient } from "../ops/linear/linear.ts";
import type { GradientPlaces, Gradients, Parameter } from "../ops/parameter.ts";

/** A dense layer's or a LayerNorm's two parameters. */
export interface WeightAndBias {
  weight: Parameter;
  bias: Parameter;
}

/** Where a backward pass puts the gradients of parameters, and which of them are wanted. */
export interface GradientSink {
  trains: (parameter: Parameter) => boolean;
  gradients: Gradients;
  /** Tensors that gradients are written into where that is possible. */
  into?: GradientPlaces | undefined;
}

/** What to write a parameter's gradient into; undefined where one is there already. */
export function placeIn({ gradients, into }: GradientSink, parameter: Parameter): Tensor | undefined {
  return gradients.has(parameter) ? undefined : into?.get(parameter);
}

/** Keeps a gradient, which it takes; where the parameter is used more than once, the sum of them. */
export function keepGradient({ gradients }: GradientSink, parameter: Parameter, gradient: Tensor): void {
  const sum = gradients.get(parameter);
  if (!sum) {
    gradients.set(parameter, gradient);
    return;
  }
  accumulate(sum, gradient);
  gradient.dispose();
}

/** Adds the gradients of a dense layer's parameters from dy[T, N] and its input x[T, K], where one of them trains. */
export function keepDense(
  { weight, bias }: WeightAndBias,
  dy: Tensor,
  x: Tensor,
  tokens: number,
  sink: GradientSink,
): void {
  const { trains } = sink;
  if (!trains(weight) && !trains(bias)) return;
  const into = { weight: placeIn(sink, weight), bias: placeIn(sink, bias) };
  const { dWeight, dBias } = linearParameterGradient(dy, x, tokens, into);
  keepGradient(sink, weight, dWeight);
  if (bias.packing?.hole) clear(dBias, bias.packing.hole);
  keepGradient(sink, bias, dBias);
}

/** Frees gradients of what does not train: a weight and its bias come from one kernel, also where one is wanted. */
export function dropUnwanted({ trains, gradients }: GradientSink): void {
  for (const [parameter, gradient] of gradients) {
    if (trains(parameter)) continue;
    gradient.dispose();
    gradients.delete(parameter);
  }
}
