import type { Activation } from "../ops/activation/activation.ts";
import type { HeadPart, ParameterNames } from "./names.ts";

/**
 * Where an encoder layer normalizes: after each sum, or before attention and feed-forward, so that the sums pass from
 * layer to layer as they are.
 */
export type LayerForm = "post-norm" | "pre-norm";

/** One dense layer of a head, act(part(dropout(x))). */
export interface HeadLayer {
  part: HeadPart;
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
  maxPositions: number;
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
  /** From a row's first token to logits; the classifier is the last. */
  head: readonly HeadLayer[];
  /** Parts of the head that train beside LoRA's matrices. */
  trainsBesideLowRank: readonly HeadPart[];
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
>;
