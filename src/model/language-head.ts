import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../ops/activation/activation.ts";
import { gradientThroughActivation } from "../ops/activation/through.ts";
import { fillTensor } from "../ops/device-tensor.ts";
import { gatherRows, type Places } from "../ops/gather-rows/gather-rows.ts";
import type { LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import { linear, linearActivated, linearInputGradient } from "../ops/linear/linear.ts";
import type { Parameter } from "../ops/parameter.ts";
import { allocated, identityOf, readParts, initialValues, storedNames, type WeightSource } from "./checkpoint.ts";
import type { ModelConfig } from "./config.ts";
import { languageHeadLayout } from "./layout.ts";
import { disposeNorm, normBackward, normForward } from "./norm.ts";
import { keepDense, type GradientSink, type WeightAndBias } from "./parameter-gradients.ts";

/** The weights of a masked language model's head (Devlin et al. 2019); its decoder is the word embedding itself. */
export interface LanguageHeadWeights {
  dense: WeightAndBias;
  norm: WeightAndBias;
  word: Parameter;
  bias: Parameter;
}

/** Gathered states, z of the dense layer, output of the LayerNorm and what it saved, each [M, H]. */
export interface LanguageHeadSaved {
  gathered: Tensor;
  z: Tensor;
  normed: Tensor;
  norm: LayerNormSaved;
}

export interface LanguageHeadOptions {
  activation: Activation;
  epsilon: number;
}

/**
 * Reads the head from the checkpoint, or initializes it as transformers does where the checkpoint has none (the decoder
 * is tied in any case). Throws a Problem for wrong shapes and values that are no numbers.
 */
export async function loadLanguageHead(config: ModelConfig, source: WeightSource, seed: number): Promise<Parameter[]> {
  const names = storedNames(config.names.languageHead, source);
  const tensors = allocated(languageHeadLayout(config));
  try {
    for (const [i, { spec, value }] of tensors.entries()) {
      const isThere = spec.frozen !== true && spec.parts.every((part) => names.has(part));
      const values = () => (isThere ? readParts(spec, names, source) : initialValues(spec, config, seed + i));
      await fillTensor(value, values);
    }
  } catch (error) {
    for (const { value } of tensors) value.dispose();
    throw error;
  }
  return tensors.map(({ spec, value }) => ({ ...identityOf(spec), value }));
}

/** Whether a checkpoint has all of the head, so that `loadLanguageHead` initializes nothing. */
export function hasLanguageHead(config: ModelConfig, source: Pick<WeightSource, "tensors">): boolean {
  const names = storedNames(config.names.languageHead, source);
  return languageHeadLayout(config).every(({ parts }) => parts.every((part) => names.has(part)));
}

/** logits[M, V] = decoder(LayerNorm(act(dense(x at the places)))). */
export function languageHeadForward(
  weights: LanguageHeadWeights,
  x: Tensor,
  places: Places,
  { activation, epsilon }: LanguageHeadOptions,
): { logits: Tensor; saved: LanguageHeadSaved } {
  const { count } = places;
  const { dense, norm, word, bias } = weights;
  const gathered = gatherRows(x, places);
  const { y, z } = linearActivated(gathered, dense.weight.value, dense.bias.value, count, activation);
  const { y: normed, saved: inside } = normForward(norm, y, { tokens: count, epsilon });
  y.dispose();
  const logits = linear(normed, word.value, bias.value, count);
  return { logits, saved: { gathered, z, normed, norm: inside } };
}

export function disposeLanguageHead({ gathered, z, normed, norm }: LanguageHeadSaved): void {
  for (const held of [gathered, z, normed]) held.dispose();
  disposeNorm(norm);
}

/**
 * Adds the head's gradients where they are wanted, the decoder's share of the word embedding's among them, and returns that of the gathered
 * states [M, H].
 */
export function languageHeadBackward(
  weights: LanguageHeadWeights,
  dLogits: Tensor,
  saved: LanguageHeadSaved,
  count: number,
  { activation }: LanguageHeadOptions,
  sink: GradientSink,
): Tensor {
  const { dense, norm, word, bias } = weights;
  keepDense({ weight: word, bias }, dLogits, saved.normed, count, sink);
  const dNormed = linearInputGradient(dLogits, word.value, count);
  const dy = normBackward(norm, dNormed, saved.norm, { tokens: count }, sink);
  const dz = gradientThroughActivation(dy, saved.z, activation, count * (saved.z.shape[1] ?? 0));
  dy.dispose();
  keepDense(dense, dz, saved.gathered, count, sink);
  const dGathered = linearInputGradient(dz, dense.weight.value, count);
  dz.dispose();
  return dGathered;
}
