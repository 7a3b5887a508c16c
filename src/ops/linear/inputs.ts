import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../activation/activation.ts";

export type Forward = { x: Tensor; weight: Tensor; bias: Tensor };

/** `tokens` may be fewer than the rows of the tensors. */
export type Activated = { tokens: number; activation: Activation };

/** With `residual` it is added to the gradient; with `z` the gradient goes on through the activation at z. */
export type InputGradient = { dy: Tensor; weight: Tensor; residual?: Tensor; z?: Tensor };

export type ParameterGradient = { dy: Tensor; x: Tensor };

/** Tensors that the gradients are written into on a GPU; new ones where not given. */
export interface GradientPlaces {
  weight?: Tensor | undefined;
  bias?: Tensor | undefined;
}

export interface ParameterGradientOptions {
  tokens: number;
  into?: GradientPlaces;
}
