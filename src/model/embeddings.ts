import type { Tensor } from "@tensorflow/tfjs-core";
import type { DeviceBatch, TableSizes } from "../ops/device-batch.ts";
import { dropout as drop } from "../ops/dropout/mask.ts";
import type { Dropout } from "../ops/dropout/random.ts";
import { embeddingGradient, embeddingSum } from "../ops/embedding/embedding.ts";
import type { LayerNormSaved } from "../ops/layer-norm/layer-norm.ts";
import type { Parameter } from "../ops/parameter.ts";
import { positionRows, type LayerAttention, type ModelConfig, type ModelSizes } from "./config.ts";
import { disposeNorm, normBackward, normForward } from "./norm.ts";
import { linear, linearInputGradient } from "../ops/linear/linear.ts";
import { keepDense, keepGradient, placeIn, type GradientSink, type WeightAndBias } from "./parameter-gradients.ts";

export interface EmbeddingWeights {
  word: Parameter;
  /** Null where the embeddings do not say where a token stands. */
  position: Parameter | null;
  /** Null where the model has no segment types. */
  type: Parameter | null;
  /** Null where the layers read the sum as it is. */
  norm: WeightAndBias | null;
  /** From the width of the tables to the hidden size; null where they are equal. */
  projection: WeightAndBias | null;
}

/** What the norm saved, and what the projection read [T, E]; null where there is none of them. */
export interface EmbeddingsSaved {
  norm: LayerNormSaved | null;
  projected: Tensor | null;
}

/** Rows of the model's embedding tables, and the token that positions start from. */
export function tableSizes(sizes: ModelSizes & Pick<ModelConfig, "bucketOf" | "names" | "layerAttention">): TableSizes {
  const { layerAttention } = sizes;
  const { vocabularySize, typeVocabularySize, paddingToken, relativeBuckets: buckets, bucketOf } = sizes;
  return {
    word: vocabularySize,
    position: sizes.names.embeddings.position === null ? 0 : positionRows(sizes),
    type: typeVocabularySize,
    ...(paddingToken !== undefined && { padding: paddingToken }),
    ...(layerAttention && { rotary: rotaryOf(sizes, layerAttention) }),
    ...(buckets !== undefined && bucketOf && { relative: { buckets, span: sizes.maxPositions, bucketOf } }),
  };
}

function rotaryOf({ hiddenSize, heads, maxPositions: longest }: ModelSizes, layers: readonly LayerAttention[]) {
  return { bases: [...new Set(layers.map(({ rotaryBase }) => rotaryBase))], headSize: hiddenSize / heads, longest };
}

/** projection(dropout(LayerNorm(word + position + type))) [T, H], and what its backward pass needs. */
export function embeddingsForward(
  { word, position, type, norm, projection }: EmbeddingWeights,
  { tokenTable, tokenNumbers, tokens }: DeviceBatch,
  epsilon: number,
  dropout: Dropout,
): { y: Tensor; saved: EmbeddingsSaved } {
  const tables = { word: word.value, position: position?.value ?? null, type: type?.value ?? null };
  const sum = embeddingSum(tables, tokenTable, tokenNumbers, tokens);
  const { y, saved } = norm
    ? normForward(norm, sum, { tokens, epsilon, dropout })
    : { y: drop(sum, tokens * (sum.shape[1] ?? 0), dropout), saved: null };
  sum.dispose();
  if (!projection) return { y, saved: { norm: saved, projected: null } };
  const projected = linear(y, projection.weight.value, projection.bias.value, tokens);
  return { y: projected, saved: { norm: saved, projected: y } };
}

export function disposeEmbeddings({ norm, projected }: EmbeddingsSaved): void {
  if (norm) disposeNorm(norm);
  projected?.dispose();
}

/** Adds the gradients of the embeddings' weights that train; takes dy and the saved tensors. */
export function embeddingsBackward(
  weights: EmbeddingWeights,
  dy: Tensor,
  saved: EmbeddingsSaved,
  pass: { batch: DeviceBatch; dropout: Dropout },
  sink: GradientSink,
): void {
  const { projection } = weights;
  const { tokens } = pass.batch;
  if (projection && saved.projected) keepDense(projection, dy, saved.projected, tokens, sink);
  if (belowProjection(weights).some(sink.trains)) {
    const dEmbedded = projection ? linearInputGradient(dy, projection.weight.value, tokens) : dy;
    if (projection) dy.dispose();
    tablesBackward(weights, dEmbedded, saved, pass, sink);
  } else dy.dispose();
  disposeEmbeddings(saved);
}

function belowProjection({ word, position, type, norm }: EmbeddingWeights): Parameter[] {
  return [word, ...(position ? [position] : []), ...(type ? [type] : []), ...(norm ? [norm.weight, norm.bias] : [])];
}

/** Adds the gradients of tables and norm; takes the gradient dy[T, E] of what comes out of them. */
function tablesBackward(
  { word, position, type, norm }: EmbeddingWeights,
  dy: Tensor,
  saved: EmbeddingsSaved,
  { batch: { tokens, groupings }, dropout }: { batch: DeviceBatch; dropout: Dropout },
  sink: GradientSink,
): void {
  if (!groupings) throw new Error("A batch for inference was used for training.");
  const dSum =
    norm && saved.norm ? normBackward(norm, dy, saved.norm, { tokens, dropout }, sink) : dropped(dy, tokens, dropout);
  for (const [table, grouping] of [
    [word, groupings.word],
    [position, groupings.position],
    [type, groupings.type],
  ] as const) {
    if (!table || !grouping || !sink.trains(table)) continue;
    keepGradient(sink, table, embeddingGradient(dSum, grouping, placeIn(sink, table)));
  }
  dSum.dispose();
}

function dropped(dy: Tensor, tokens: number, dropout: Dropout): Tensor {
  const dSum = drop(dy, tokens * (dy.shape[1] ?? 0), dropout);
  dy.dispose();
  return dSum;
}
