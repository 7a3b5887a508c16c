import type { Tensor } from "@tensorflow/tfjs-core";
import { linearParameterGradient } from "../ops/linear/linear.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";

/** A dense layer's or a LayerNorm's two parameters. */
export interface WeightAndBias {
  weight: Parameter;
  bias: Parameter;
}

/** Where a backward pass puts the gradients of parameters, and which of them are wanted. */
export interface GradientSink {
  trains: (parameter: Parameter) => boolean;
  gradients: Gradients;
}

/** Adds the gradients of a dense layer's parameters from dy[T, N] and its input x[T, K], where one of them trains. */
export function keepDense(
  { weight, bias }: WeightAndBias,
  dy: Tensor,
  x: Tensor,
  tokens: number,
  { trains, gradients }: GradientSink,
): void {
  if (!trains(weight) && !trains(bias)) return;
  const { dWeight, dBias } = linearParameterGradient(dy, x, tokens);
  gradients.set(weight, dWeight).set(bias, dBias);
}

/** Frees gradients of what does not train: a weight and its bias come from one kernel, also where one is wanted. */
export function dropUnwanted({ trains, gradients }: GradientSink): void {
  for (const [parameter, gradient] of gradients) {
    if (trains(parameter)) continue;
    gradient.dispose();
    gradients.delete(parameter);
  }
}
