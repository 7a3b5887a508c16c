import type { Tensor } from "@tensorflow/tfjs-core";
import type { DeviceBatch, TableSizes } from "../ops/device-batch.ts";
import { dropout as drop } from "../ops/dropout/mask.ts";
import type { Dropout } from "../ops/dropout/random.ts";
import { embeddingGradient, embeddingSum } from "../ops/embedding/embedding.ts";
import type { LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { ModelSizes } from "./config.ts";
import { disposeNorm, normBackward, normForward } from "./norm.ts";
import { placeIn, type GradientSink, type WeightAndBias } from "./parameter-gradients.ts";

export interface EmbeddingWeights {
  word: Parameter;
  position: Parameter;
  /** Null where the model has no segment types. */
  type: Parameter | null;
  /** Null where the layers read the sum as it is. */
  norm: WeightAndBias | null;
}

/** Rows of the model's embedding tables. */
export function tableSizes({ vocabularySize, maxPositions, typeVocabularySize }: ModelSizes): TableSizes {
  return { word: vocabularySize, position: maxPositions, type: typeVocabularySize };
}

/** dropout(LayerNorm(word + position + type)) [T, H], and what its backward pass needs: nothing without a norm. */
export function embeddingsForward(
  { word, position, type, norm }: EmbeddingWeights,
  { tokenTable, tokenNumbers, tokens }: DeviceBatch,
  epsilon: number,
  dropout: Dropout,
): { y: Tensor; saved: LayerNormSaved | null } {
  const tables = { word: word.value, position: position.value, type: type?.value ?? null };
  const sum = embeddingSum(tables, tokenTable, tokenNumbers, tokens);
  const { y, saved } = norm
    ? normForward(norm, sum, { tokens, epsilon, dropout })
    : { y: drop(sum, tokens * (sum.shape[1] ?? 0), dropout), saved: null };
  sum.dispose();
  return { y, saved };
}

/** Adds the gradients of the embeddings' weights that train; takes dy and the saved tensors. */
export function embeddingsBackward(
  { word, position, type, norm }: EmbeddingWeights,
  dy: Tensor,
  saved: LayerNormSaved | null,
  { tokens, groupings }: DeviceBatch,
  dropout: Dropout,
  sink: GradientSink,
): void {
  const { trains, gradients } = sink;
  const all = [word, position, type, norm?.weight, norm?.bias];
  if (all.some((weight) => weight && trains(weight))) {
    if (!groupings) throw new Error("A batch for inference was used for training.");
    const dSum =
      norm && saved ? normBackward(norm, dy, saved, { tokens, dropout }, sink) : dropped(dy, tokens, dropout);
    for (const [table, grouping] of [
      [word, groupings.word],
      [position, groupings.position],
      [type, groupings.type],
    ] as const) {
      if (table && grouping && trains(table))
        gradients.set(table, embeddingGradient(dSum, grouping, placeIn(sink, table)));
    }
    dSum.dispose();
  } else dy.dispose();
  if (saved) disposeNorm(saved);
}

function dropped(dy: Tensor, tokens: number, dropout: Dropout): Tensor {
  const dSum = drop(dy, tokens * (dy.shape[1] ?? 0), dropout);
  dy.dispose();
  return dSum;
}
