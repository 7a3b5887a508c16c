import type { Activation } from "../ops/activation/activation.ts";
import type { HeadPart, ParameterNames } from "./names.ts";

/**
 * Where an encoder layer normalizes: after each sum, or before attention and feed-forward, so that the sums pass from
 * layer to layer as they are.
 */
export type LayerForm = "post-norm" | "pre-norm";

/** One dense layer of a head, act(part(dropout(x))), or the norm of that. */
export interface HeadLayer {
  part: HeadPart;
  /** Whether its output is normed; not where not given. */
  isNormed?: boolean;
  /** Whether dropout falls on what it reads. */
  dropsInput: boolean;
  activation: Activation;
}

/**
 * What the classifier sees of a row: the first token through the other layers of the family's head ("pooler"), as in
 * transformers; the first token itself; the mean over the row's tokens; or that mean over the mean of the last four
 * layers' outputs.
 */
export const poolings = ["pooler", "cls", "mean", "mean-last-4"] as const;
export type Pooling = (typeof poolings)[number];

/** What a layer's attention looks at, and how it knows of positions. */
export interface LayerAttention {
  /** Tokens to each side; null for all of the row. */
  window: number | null;
  /** Base of its rotary positions (Su et al. 2021). */
  rotaryBase: number;
}

/** Products of queries with the keys of positions, and of keys with their queries. */
export interface PositionProducts {
  contentToPosition: boolean;
  positionToContent: boolean;
}

/** What a model is built from: its sizes, and what differs between the families of checkpoints. */
export interface ModelConfig {
  /** `model_type` of the family that read it. */
  family: string;
  names: ParameterNames;
  vocabularySize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  intermediateSize: number;
  /** Most tokens of a row. */
  maxPositions: number;
  /**
   * The number of the padding token, in a model that counts positions from the number after it: so many rows more has
   * its table of positions. Positions count from 0 where not given.
   */
  paddingToken?: number;
  /** Width of the embeddings, where a dense layer brings them to the hidden size; not given where there is no such layer. */
  embeddingSize?: number;
  /** Sets of layer weights, each of which serves as many layers in a row; every layer has its own where not given. */
  layerGroups?: number;
  /** Rows of the table by distance that all layers have in common; none where not given. */
  relativeBuckets?: number;
  /** Row of that table for a distance, query − key. */
  bucketOf?: (distance: number) => number;
  /** Which products scores have with that table, where it is one of positions (He et al. 2021). */
  positionProducts?: PositionProducts;
  /** What each layer's attention looks at, in a model with rotary positions; all of the row where not given. */
  layerAttention?: readonly LayerAttention[];
  /** Whether the part after attention multiplies half of its inner numbers with the other half, not activated (gated). */
  isGated?: boolean;
  /** What the family's head reads of a row; its first token where not given. */
  headPooling?: "cls" | "mean";
  /** What scores are multiplied with; 1 / √(head size) where not given. */
  attentionScale?: number;
  /** Segment types with a vector of their own; 0 where the model has no such table. */
  typeVocabularySize: number;
  activation: Activation;
  layerForm: LayerForm;
  layerNormEpsilon: number;
  hiddenDropout: number;
  attentionDropout: number;
  classifierDropout: number;
  /** Whether `hiddenDropout` also falls on the output of attention, before it is added to its input. */
  dropsAttentionOutput: boolean;
  /** Whether it falls on the output of feed-forward; it does where not given. */
  dropsFeedForwardOutput?: boolean;
  /** Whether its head is asked of tokens, those at the places of a batch, in place of rows; not where not given. */
  asksTokens?: true;
  /** From a row's first token to logits; the classifier is the last. */
  head: readonly HeadLayer[];
  /** Parts of the head that train beside LoRA's matrices. */
  trainsBesideLowRank: readonly HeadPart[];
  /** The activation in the head of a masked language model; that of the layers where not given. */
  languageActivation?: Activation;
  /** Whether a head of a masked language model is made where a checkpoint has none; it is where not given. */
  makesLanguageHead?: boolean;
  initializerRange: number;
  /** What the checkpoint's own classifier sees of a row. */
  pooling: Pooling;
}

/** The sizes of a model that decide the shapes of all its weights and activations, and the family that names them. */
export type ModelSizes = Pick<
  ModelConfig,
  | "family"
  | "vocabularySize"
  | "hiddenSize"
  | "layers"
  | "heads"
  | "intermediateSize"
  | "maxPositions"
  | "typeVocabularySize"
  | "paddingToken"
  | "embeddingSize"
  | "layerGroups"
  | "relativeBuckets"
  | "isGated"
>;

/** The sizes alone, in an object that can be sent. */
export function sizesOf(config: ModelSizes): ModelSizes {
  const { family, vocabularySize, hiddenSize, layers, heads, intermediateSize, maxPositions } = config;
  const { typeVocabularySize, paddingToken, embeddingSize, layerGroups, relativeBuckets, isGated } = config;
  return {
    ...{ family, vocabularySize, hiddenSize, layers, heads, intermediateSize, maxPositions, typeVocabularySize },
    ...(paddingToken !== undefined && { paddingToken }),
    ...(embeddingSize !== undefined && { embeddingSize }),
    ...(layerGroups !== undefined && { layerGroups }),
    ...(relativeBuckets !== undefined && { relativeBuckets }),
    ...(isGated !== undefined && { isGated }),
  };
}

/** Numbers that the first matrix after attention gives. */
export function intermediateRows({ intermediateSize, isGated }: Pick<ModelSizes, "intermediateSize" | "isGated">) {
  return isGated === true ? 2 * intermediateSize : intermediateSize;
}

/** Rows of the table of positions. */
export function positionRows({ maxPositions, paddingToken = -1 }: Pick<ModelSizes, "maxPositions" | "paddingToken">) {
  return maxPositions + paddingToken + 1;
}

type Layers = Pick<ModelSizes, "layers" | "layerGroups">;

/** Which set of weights a layer has, from 0 (Lan et al. 2020, as transformers divides the layers). */
export function groupOf(layer: number, { layers, layerGroups = layers }: Layers): number {
  return Math.floor(layer / (layers / layerGroups));
}

/** For each set of weights the layers that share it. */
export function layersByGroup(sizes: Layers): number[][] {
  const groups = Array.from({ length: sizes.layerGroups ?? sizes.layers }, (): number[] => []);
  for (let layer = 0; layer < sizes.layers; layer++) groups[groupOf(layer, sizes)]?.push(layer);
  return groups;
}
