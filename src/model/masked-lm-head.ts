import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../ops/activation/activation.ts";
import { gradientThroughActivation } from "../ops/activation/through.ts";
import { deviceTensor } from "../ops/device-tensor.ts";
import { NO_DROPOUT } from "../ops/dropout/random.ts";
import { gatherRows, type Places } from "../ops/gather-rows/gather-rows.ts";
import { normAndDrop, normAndDropGradient, type LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import { linear, linearActivated, linearInputGradient, linearParameterGradient } from "../ops/linear/linear.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import { readParts, startAnew, type WeightSource } from "./checkpoint.ts";
import type { BertConfig } from "./config.ts";
import type { WeightAndBias } from "./encoder-layer.ts";
import type { ParameterSpec } from "./layout.ts";

const prefix = "cls.predictions";
export const maskedLmNames = {
  dense: { weight: `${prefix}.transform.dense.weight`, bias: `${prefix}.transform.dense.bias` },
  norm: { weight: `${prefix}.transform.LayerNorm.weight`, bias: `${prefix}.transform.LayerNorm.bias` },
  bias: `${prefix}.bias`,
};

/** The weights of transformers' `BertLMPredictionHead`; its decoder is the word embedding itself. */
export interface MaskedLmHeadWeights {
  dense: WeightAndBias;
  norm: WeightAndBias;
  word: Parameter;
  bias: Parameter;
}

/** Gathered states, z of the dense layer, and the LayerNorm's output and inside, each [M, H]. */
export interface MaskedLmHeadSaved {
  gathered: Tensor;
  z: Tensor;
  normed: Tensor;
  norm: LayerNormSaved;
}

export interface MaskedLmHeadOptions {
  activation: Activation;
  epsilon: number;
}

/**
 * Reads the head from the checkpoint, or starts it as transformers does where the checkpoint has none (the decoder is
 * tied in any case). Throws a Problem for wrong shapes and values that are no numbers.
 */
export async function loadMaskedLmHead(config: BertConfig, source: WeightSource, seed: number): Promise<Parameter[]> {
  const names = headNames(source);
  const parameters: Parameter[] = [];
  try {
    for (const [i, spec] of headLayout(config).entries()) {
      const isThere = spec.parts.every((part) => names.has(part));
      const values = isThere ? await readParts(spec, names, source) : startAnew(spec, config, seed + i);
      const { parts, decays, level, partShape } = spec;
      parameters.push({ name: parts[0] ?? "", parts, decays, level, value: deviceTensor(values, partShape) });
    }
  } catch (error) {
    for (const { value } of parameters) value.dispose();
    throw error;
  }
  return parameters;
}

/** Whether a checkpoint has all of the head, so that `loadMaskedLmHead` starts nothing anew. */
export function hasMaskedLmHead(config: BertConfig, source: Pick<WeightSource, "tensors">): boolean {
  const names = headNames(source);
  return headLayout(config).every(({ parts }) => parts.every((part) => names.has(part)));
}

/** logits[M, V] = decoder(LayerNorm(act(dense(x at the places)))). */
export function maskedLmHeadForward(
  weights: MaskedLmHeadWeights,
  x: Tensor,
  places: Places,
  { activation, epsilon }: MaskedLmHeadOptions,
): { logits: Tensor; saved: MaskedLmHeadSaved } {
  const { count } = places;
  const { dense, norm, word, bias } = weights;
  const gathered = gatherRows(x, places);
  const { y, z } = linearActivated(gathered, dense.weight.value, dense.bias.value, count, activation);
  const shape = { tokens: count, epsilon, dropout: NO_DROPOUT };
  const { y: normed, ...inside } = normAndDrop(y, norm.weight.value, norm.bias.value, shape);
  y.dispose();
  const logits = linear(normed, word.value, bias.value, count);
  return { logits, saved: { gathered, z, normed, norm: inside } };
}

export function disposeMaskedLmHead({ gathered, z, normed, norm }: MaskedLmHeadSaved): void {
  for (const held of [gathered, z, normed, norm.normalized, norm.rstd]) held.dispose();
}

/**
 * Adds the head's gradients, the decoder's share of the word embedding's among them, and returns that of the gathered
 * states [M, H].
 */
export function maskedLmHeadBackward(
  weights: MaskedLmHeadWeights,
  dLogits: Tensor,
  saved: MaskedLmHeadSaved,
  count: number,
  { activation }: MaskedLmHeadOptions,
  gradients: Gradients,
): Tensor {
  const { dense, norm, word, bias } = weights;
  const keep = ({ weight, bias: shift }: WeightAndBias, gradient: Tensor, input: Tensor) => {
    const { dWeight, dBias } = linearParameterGradient(gradient, input, count);
    gradients.set(weight, dWeight).set(shift, dBias);
  };
  keep({ weight: word, bias }, dLogits, saved.normed);
  const dNormed = linearInputGradient(dLogits, word.value, count);
  const options = { tokens: count, dropout: NO_DROPOUT, wantsParameters: true };
  const { dx: dy, parameters } = normAndDropGradient(dNormed, saved.norm, norm.weight.value, options);
  if (parameters) gradients.set(norm.weight, parameters.dGamma).set(norm.bias, parameters.dBeta);
  dNormed.dispose();
  const dz = gradientThroughActivation(dy, saved.z, activation, count * (saved.z.shape[1] ?? 0));
  dy.dispose();
  keep(dense, dz, saved.gathered);
  const dGathered = linearInputGradient(dz, dense.weight.value, count);
  dz.dispose();
  return dGathered;
}

function headLayout({ hiddenSize: hidden, vocabularySize, layers }: BertConfig): ParameterSpec[] {
  const spec = (name: string, partShape: number[], initial: ParameterSpec["initial"]): ParameterSpec => {
    return { parts: [name], partShape, initial, level: layers + 1, required: false, decays: partShape.length > 1 };
  };
  return [
    spec(maskedLmNames.dense.weight, [hidden, hidden], "normal"),
    spec(maskedLmNames.dense.bias, [hidden], "zeros"),
    spec(maskedLmNames.norm.weight, [hidden], "ones"),
    spec(maskedLmNames.norm.bias, [hidden], "zeros"),
    spec(maskedLmNames.bias, [vocabularySize], "zeros"),
  ];
}

/** Canonical name → name in the checkpoint; old ones have gamma and beta, some only the decoder's own bias. */
function headNames({ tensors }: Pick<WeightSource, "tensors">): Map<string, string> {
  const names = new Map<string, string>();
  for (const name of tensors.keys()) {
    const modern = name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
    names.set(modern, name);
  }
  const decoderBias = names.get(`${prefix}.decoder.bias`);
  if (!names.has(maskedLmNames.bias) && decoderBias !== undefined) names.set(maskedLmNames.bias, decoderBias);
  return names;
}
