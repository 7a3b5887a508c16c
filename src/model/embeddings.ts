import type { DeviceBatch } from "../ops/device-batch.ts";
import type { Dropout } from "../ops/dropout/random.ts";
import { embeddingGradient, embeddingSum } from "../ops/embedding/embedding.ts";
import { normAndDrop, normAndDropGradient, type LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import type { Tensor } from "@tensorflow/tfjs-core";

export interface EmbeddingWeights {
  word: Parameter;
  position: Parameter;
  /** Null where the model has no segment types. */
  type: Parameter | null;
  norm: { weight: Parameter; bias: Parameter };
}

/** dropout(LayerNorm(word + position + type)) [T, H], and what its backward pass needs. */
export function embeddingsForward(
  weights: EmbeddingWeights,
  batch: DeviceBatch,
  epsilon: number,
  dropout: Dropout,
): { y: Tensor; saved: LayerNormSaved } {
  const tables = { word: weights.word.value, position: weights.position.value, type: weights.type?.value ?? null };
  const sum = embeddingSum(tables, batch.tokenTable, batch.tokenNumbers, batch.tokens);
  const { tokens } = batch;
  const { y, ...saved } = normAndDrop(sum, weights.norm.weight.value, weights.norm.bias.value, {
    tokens,
    epsilon,
    dropout,
  });
  sum.dispose();
  return { y, saved };
}

/** Adds the gradients of the embeddings' weights that train; takes dy and the saved tensors. */
export function embeddingsBackward(
  weights: EmbeddingWeights,
  dy: Tensor,
  saved: LayerNormSaved,
  batch: DeviceBatch,
  dropout: Dropout,
  trains: (parameter: Parameter) => boolean,
  gradients: Gradients,
): void {
  const { weight, bias } = weights.norm;
  const tables = [weights.word, weights.position, ...(weights.type ? [weights.type] : [])];
  const wantsParameters = trains(weight) || trains(bias);
  if (wantsParameters || tables.some(trains)) {
    if (!batch.groupings) throw new Error("A batch for inference was used for training.");
    const options = { tokens: batch.tokens, dropout, wantsParameters };
    const { dx: dSum, parameters } = normAndDropGradient(dy, saved, weight.value, options);
    if (parameters) gradients.set(weight, parameters.dGamma).set(bias, parameters.dBeta);
    const { word, position, type } = batch.groupings;
    for (const [table, grouping] of [
      [weights.word, word],
      [weights.position, position],
      [weights.type, type],
    ] as const) {
      if (table && grouping && trains(table)) gradients.set(table, embeddingGradient(dSum, grouping));
    }
    dSum.dispose();
  }
  dy.dispose();
  saved.normalized.dispose();
  saved.rstd.dispose();
}
