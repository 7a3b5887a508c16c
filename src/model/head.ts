import type { Tensor } from "@tensorflow/tfjs-core";
import { dropout as drop } from "../ops/dropout/mask.ts";
import type { Dropout } from "../ops/dropout/random.ts";
import { gradientThroughActivation } from "../ops/activation/through.ts";
import type { LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import { linear, linearActivated, linearGradientThrough, linearInputGradient } from "../ops/linear/linear.ts";
import type { HeadLayer } from "./config.ts";
import type { HeadPart } from "./names.ts";
import { disposeNorm, normBackward, normForward } from "./norm.ts";
import { keepDense, type GradientSink, type WeightAndBias } from "./parameter-gradients.ts";

/** A head's layers with their weights, in the order in which they run; the last gives the logits. */
export type HeadWeights = readonly (HeadLayer & WeightAndBias & { norm: WeightAndBias | null })[];

/** What the layers of a head share in both passes. */
interface HeadPass {
  rows: number;
  epsilon: number;
  dropout: (part: HeadPart) => Dropout;
}

/**
 * For each layer its input after dropout [B, H], its output before the activation, null for the logits, and what its norm
 * saved.
 */
export type HeadSaved = { input: Tensor; z: Tensor | null; norm: LayerNormSaved | null }[];

/** logits[B, C] of the pooled rows x[B, H], which stay the caller's. */
export function headForward(
  head: HeadWeights,
  x: Tensor,
  { rows, epsilon, dropout }: HeadPass,
): { logits: Tensor; saved: HeadSaved } {
  const saved: HeadSaved = [];
  let y = x;
  for (const [i, { part, dropsInput, activation, weight, bias, norm }] of head.entries()) {
    const input = dropsInput ? drop(y, rows * (y.shape[1] ?? 0), dropout(part)) : y;
    if (dropsInput && y !== x) y.dispose();
    if (i === head.length - 1) {
      saved.push({ input, z: null, norm: null });
      y = linear(input, weight.value, bias.value, rows);
    } else {
      const dense = linearActivated(input, weight.value, bias.value, rows, activation);
      const normed = norm && normForward(norm, dense.y, { tokens: rows, epsilon });
      if (normed) dense.y.dispose();
      saved.push({ input, z: dense.z, norm: normed?.saved ?? null });
      y = normed?.y ?? dense.y;
    }
  }
  return { logits: y, saved };
}

/** Frees what a forward pass of the head saved, but not the pooled rows x. */
export function disposeHead(saved: HeadSaved, x: Tensor): void {
  for (const { input, z, norm } of saved) {
    if (input !== x) input.dispose();
    z?.dispose();
    if (norm) disposeNorm(norm);
  }
}

/** Adds the head's gradients and returns dx[B, H] of the pooled rows, or null when nothing below needs it. */
export function headBackward(
  head: HeadWeights,
  dLogits: Tensor,
  saved: HeadSaved,
  { rows, dropout }: HeadPass,
  sink: GradientSink,
  wantsInput: boolean,
): Tensor | null {
  const trainsEither = ({ weight, bias }: WeightAndBias) => sink.trains(weight) || sink.trains(bias);
  const trains = (layer: HeadWeights[number]) =>
    trainsEither(layer) || (layer.norm !== null && trainsEither(layer.norm));
  let dy = dLogits;
  const free = (gradient: Tensor) => {
    if (gradient !== dLogits) gradient.dispose();
  };
  for (let i = head.length - 1; i >= 0; i--) {
    const [layer, below, kept, keptBelow] = [head[i], head[i - 1], saved[i], saved[i - 1]];
    if (!layer || !kept) throw new Error(`Layer ${i} of the head has no saved pass.`);
    keepDense(layer, dy, kept.input, rows, sink);
    if (!wantsInput && !head.slice(0, i).some(trains)) {
      free(dy);
      return null;
    }
    // The activation's slope and the mask both multiply, so their order does not matter: the slope goes into the matmul's epilogue.
    const dInput =
      below && keptBelow?.z && !keptBelow.norm
        ? linearGradientThrough(dy, layer.weight.value, rows, keptBelow.z, below.activation)
        : linearInputGradient(dy, layer.weight.value, rows);
    free(dy);
    dy = dInput;
    if (layer.dropsInput) {
      dy = drop(dInput, rows * (dInput.shape[1] ?? 0), dropout(layer.part));
      dInput.dispose();
    }
    if (!below?.norm || !keptBelow?.norm || !keptBelow.z) continue;
    const dActivated = normBackward(below.norm, dy, keptBelow.norm, { tokens: rows }, sink);
    dy = gradientThroughActivation(dActivated, keptBelow.z, below.activation, dActivated.size);
    dActivated.dispose();
  }
  return dy;
}
