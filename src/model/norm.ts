import type { Tensor } from "@tensorflow/tfjs-core";
import { NO_DROPOUT, type Dropout } from "../ops/dropout/random.ts";
import { normAndDrop, normAndDropGradient, type LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import { keepGradient, placeIn, type GradientSink, type WeightAndBias } from "./parameter-gradients.ts";

/** y[T, H] = dropout(LayerNorm(x)), and what its backward pass needs; x stays the caller's. */
export function normForward(
  { weight, bias }: WeightAndBias,
  x: Tensor,
  { tokens, epsilon, dropout = NO_DROPOUT }: { tokens: number; epsilon: number; dropout?: Dropout },
): { y: Tensor; saved: LayerNormSaved } {
  const { y, ...saved } = normAndDrop(x, weight.value, bias.value, { tokens, epsilon, dropout });
  return { y, saved };
}

/** dx[T, H], and the gradients of weight and bias where they train. Takes dy; `saved` stays the caller's. */
export function normBackward(
  { weight, bias }: WeightAndBias,
  dy: Tensor,
  saved: LayerNormSaved,
  { tokens, dropout = NO_DROPOUT }: { tokens: number; dropout?: Dropout },
  sink: GradientSink,
): Tensor {
  const { trains } = sink;
  const wantsParameters = trains(weight) || trains(bias);
  const into = { gamma: placeIn(sink, weight), beta: placeIn(sink, bias) };
  const { dx, parameters } = normAndDropGradient(dy, saved, weight.value, { tokens, dropout, wantsParameters, into });
  if (parameters) {
    keepGradient(sink, weight, parameters.dGamma);
    keepGradient(sink, bias, parameters.dBeta);
  }
  dy.dispose();
  return dx;
}

export function disposeNorm({ normalized, rstd }: LayerNormSaved): void {
  normalized.dispose();
  rstd.dispose();
}
